# Submissions whose text would do something in a spreadsheet, a page, a terminal or a file name.

#### formulas: text that a spreadsheet would run
roundness = "=cmd|'/C calc'!A0"
corners = '=HYPERLINK("http://example.org","Click")'
planets = ["+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1"]

#### markup: text that a page would run
roundness = "<script>document.title='ran'</script><img src=x onerror=alert(1)> &lt;b&gt; ]]> -->"
planets = ["<svg/onload=alert(1)>", "'\"><script>", "</li></ul></body>"]

#### terminal: text that a terminal would obey
roundness = "\x1b]0;title\x07\x1b[2J\x1b[31m\u202e\u0000\b\b\b"
planets = ["\x1b[2J", "\r", "\n"]

#### errors_with_markup: errors whose words would run in a page
class Error(Exception):
    def __str__(self):
        return "<script>alert(1)</script>" * 1000


Error.__name__ = "<script>"
raise Error

#### error_without_words: an error that cannot be turned into words
class Error(Exception):
    def __str__(self):
        raise SystemExit

    __repr__ = __str__


raise Error
