#!/usr/bin/env python3
"""Writes mixed.pcap: `python3 make.py`. The packets are those that a filter could get wrong; nothing is random."""

import pathlib
import struct

TCP, UDP, ICMP = 6, 17, 1


def ethernet(kind, rest):
    return bytes.fromhex("020000000002") + bytes.fromhex("020000000001") + struct.pack(">H", kind) + rest


def ipv4(protocol, rest, *, options=b"", fragment=0, version=4):
    length = 20 + len(options)
    head = struct.pack(
        ">BBHHHBBH4s4s", version << 4 | length // 4, 0, length + len(rest), 7, fragment, 64, protocol, 0,
        bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2]))
    return ethernet(0x0800, head + options + rest)


def udp(port, length=8, source=40000):
    return struct.pack(">HHHH", source, port, 8 + length, 0) + bytes(length)


def tcp(port, length=0, source=50000):
    return struct.pack(">HHIIBBHHH", source, port, 1, 0, 5 << 4, 2, 512, 0, 0) + bytes(length)


packets = []
for port in (53, 80, 443, 4789, 8080):
    packets += [ipv4(UDP, udp(port)), ipv4(TCP, tcp(port)), ipv4(UDP, udp(port, length=900))]
packets += [
    ipv4(ICMP, bytes(8)),  # no ports
    ethernet(0x0806, bytes(28)),  # ARP
    ethernet(0x86DD, bytes.fromhex("60000000000811ff") + bytes(32) + udp(53)),  # IPv6
    ipv4(UDP, udp(53), options=bytes(4)),  # the ports lie further back
    ipv4(UDP, udp(53), fragment=0x2000),  # the first fragment has ports
    ipv4(UDP, udp(53), fragment=0x0010),  # a later one has none
    ipv4(UDP, udp(53), version=6),  # no IPv4 behind its EtherType
    ipv4(UDP, b""),  # cut before the ports
    ipv4(UDP, udp(53)[:4]),  # cut behind them
    ipv4(TCP, tcp(53, length=1200)),  # too long, and a port that passes
    ipv4(UDP, udp(53, length=1200)),  # too long, and a port that is dropped
    ethernet(0x0800, b""),  # nothing but a head
]

with open(pathlib.Path(__file__).with_name("mixed.pcap"), "wb") as out:
    # Source: "PCAP Capture File Format", draft-ietf-opsawg-pcap. Link type 1 is Ethernet.
    out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
    for at, packet in enumerate(packets):
        out.write(struct.pack("<IIII", 1_700_000_000, at, len(packet), len(packet)) + packet)
