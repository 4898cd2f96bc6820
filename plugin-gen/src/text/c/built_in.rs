//! What C has of its own for numbers, and the members of what std has and no header names.
//!
//! In: a type of a record. Out: its name in C, or its members with their offsets. It does not know types that are made of others.

use plugin_abi::describe::Kind;
use plugin_abi::note::{Record, Type};

/// How C writes a number.
pub(super) fn scalar(ty: &Type) -> Option<&'static str> {
    if ty.kind != Kind::Scalar {
        return None;
    }
    Some(match ty.name.as_str() {
        "u8" => "uint8_t",
        "u16" => "uint16_t",
        "u32" => "uint32_t",
        "u64" => "uint64_t",
        "u128" => "@p@_u128",
        "usize" => "size_t",
        "i8" => "int8_t",
        "i16" => "int16_t",
        "i32" => "int32_t",
        "i64" => "int64_t",
        "i128" => "@p@_i128",
        "isize" => "ptrdiff_t",
        "f32" => "float",
        "f64" => "double",
        "bool" => "@p@_bool",
        "char" => "@p@_char",
        "()" => "@p@_unit",
        _ => return None,
    })
}

/// Numbers of 128 bits, which C has as an extension.
pub(super) fn wide(record: &Record) -> Option<&'static str> {
    let wide = |ty: &Type| ty.kind == Kind::Scalar && (ty.name == "u128" || ty.name == "i128");
    let text =
        "__extension__ typedef unsigned __int128 @p@_u128;\n__extension__ typedef __int128 @p@_i128;\n\n";
    record.types.iter().any(wide).then_some(text)
}

/// The members of a type of std.
pub(super) fn std_members(name: &str) -> Option<&'static [(&'static str, u32)]> {
    const IP: &str = "struct { uint32_t version; uint8_t octets[16]; } ip;";
    Some(match name {
        "Duration" => &[("uint64_t secs;", 0), ("uint32_t nanos; /* less than a second */", 8)],
        "SystemTime" => &[
            ("int64_t secs; /* since 1970, rounded down */", 0),
            ("uint32_t nanos; /* less than a second */", 8),
        ],
        "PathBuf" => &[
            ("char *ptr;", 0),
            ("size_t len;", 8),
            ("size_t cap;", 16),
            ("void (*free)(void *ptr, size_t cap);", 24),
        ],
        "Ipv4Addr" => &[("uint8_t octets[4];", 0)],
        "Ipv6Addr" => &[("uint8_t octets[16]; /* in network byte order */", 0)],
        "IpAddr" => &[
            ("uint32_t version; /* 4 or 6 */", 0),
            ("uint8_t octets[16]; /* the first four of them, or all */", 4),
        ],
        "SocketAddr" => &[
            (IP, 0),
            ("uint32_t flow;", 20),
            ("uint32_t scope;", 24),
            ("uint16_t port; /* as this machine counts */", 28),
        ],
        _ => return None,
    })
}
