# Submissions that want to reach somebody: this machine, the network, the virtual machine's host.

#### this_machine: a connection to a server on this machine
import socket

for address in ("127.0.0.1", "localhost", "0.0.0.0", "::1"):
    try:
        socket.create_connection((address, @@PORT@@), timeout=0.3).sendall(b"GET / HTTP/1.0\r\n\r\n")
        roundness = "REACHED " + address
    except OSError:
        pass

#### the_web: a page is fetched
import urllib.request

roundness = "REACHED " + str(urllib.request.urlopen("http://127.0.0.1:@@PORT@@/", timeout=0.3).read())

#### names: a name is looked up, and the answer sent as a name
import socket

socket.setdefaulttimeout(0.3)
roundness = "REACHED " + str(socket.getaddrinfo("example.org", 80))

#### datagrams: a packet that asks for no answer
import socket

done = []
for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "::1")):
    try:
        done.append(socket.socket(family, socket.SOCK_DGRAM).sendto(b"hello", (address, @@PORT@@)))
    except OSError:
        pass
roundness = "REACHED " + str(done) if done else ...

#### the_host: the host of a virtual machine, by a socket that is in no network namespace
import socket

done = []
for port in (22, 52, 1024, @@PORT@@):
    try:
        host = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)
        host.settimeout(0.2)
        done.append(host.connect((2, port)))
    except OSError:
        pass
roundness = "REACHED " + str(done) if done else ...

#### interfaces: the network's interfaces are asked for and switched on
import fcntl
import socket
import struct

up = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
fcntl.ioctl(up, 0x8914, struct.pack("16sh", b"lo", 1))
roundness = "REACHED lo"

#### raw_packets: packets made by hand
import socket

done = []
for family, kind in ((socket.AF_PACKET, socket.SOCK_RAW), (socket.AF_INET, socket.SOCK_RAW), (socket.AF_NETLINK, socket.SOCK_RAW)):
    try:
        done.append(socket.socket(family, kind).fileno())
    except OSError:
        pass
roundness = "REACHED " + str(done) if done else ...

#### sockets_in_files: services of this machine that listen at a path or at an abstract name
import socket

done = []
for name in ("/run/docker.sock", "/var/run/docker.sock", "/run/systemd/private", "/run/dbus/system_bus_socket", "\0evcourse-abuse-@@PORT@@", "@@TARGET@@/socket"):
    try:
        socket.socket(socket.AF_UNIX).connect(name)
        done.append(name)
    except OSError:
        pass
roundness = "REACHED " + str(done) if done else ...
