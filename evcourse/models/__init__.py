"""The course's models: pure functions of plain numbers and arrays, with units in the argument names."""
