//! Rust's names as C has them.
//!
//! In: names of Rust, ids of contracts. Out: identifiers that no keyword takes. It does not know what they name, and may give
//! two things one name: whoever prints a header sees to that.

use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// Words that C, C++ or their usual headers keep for themselves.
const TAKEN: [&str; 104] = [
    "alignas",
    "alignof",
    "and",
    "and_eq",
    "asm",
    "assert",
    "atomic_cancel",
    "auto",
    "bitand",
    "bitor",
    "bool",
    "break",
    "case",
    "catch",
    "char",
    "char8_t",
    "char16_t",
    "char32_t",
    "class",
    "compl",
    "complex",
    "concept",
    "const",
    "const_cast",
    "consteval",
    "constexpr",
    "constinit",
    "continue",
    "co_await",
    "co_return",
    "co_yield",
    "decltype",
    "default",
    "delete",
    "do",
    "double",
    "dynamic_cast",
    "else",
    "enum",
    "errno",
    "explicit",
    "export",
    "extern",
    "false",
    "float",
    "for",
    "friend",
    "goto",
    "if",
    "imaginary",
    "inline",
    "int",
    "linux",
    "long",
    "mutable",
    "namespace",
    "new",
    "noexcept",
    "not",
    "not_eq",
    "nullptr",
    "operator",
    "or",
    "or_eq",
    "private",
    "protected",
    "public",
    "register",
    "reinterpret_cast",
    "requires",
    "restrict",
    "return",
    "short",
    "signed",
    "sizeof",
    "static",
    "static_assert",
    "static_cast",
    "stderr",
    "stdin",
    "stdout",
    "struct",
    "switch",
    "template",
    "this",
    "thread_local",
    "throw",
    "true",
    "try",
    "typedef",
    "typeid",
    "typename",
    "typeof",
    "union",
    "unix",
    "unsigned",
    "using",
    "virtual",
    "void",
    "volatile",
    "wchar_t",
    "while",
    "xor",
    "xor_eq",
];

/// The contract's id as the beginning of a name: `acme_store`.
#[must_use]
#[inline]
pub fn file_name(id: &str) -> String {
    id.replace(['.', '-'], "_")
}

/// A member's or an argument's name: `delete_` for `delete`, `_0` for the first of a tuple.
#[must_use]
#[inline]
pub fn ident(name: &str) -> String {
    let name = ascii(name.trim_start_matches("r#"));
    match name.as_bytes().first() {
        Some(first) if first.is_ascii_digit() => format!("_{name}"),
        _ if TAKEN.contains(&&*name) => format!("{name}_"),
        _ => name,
    }
}

/// A type's name: `store_error` for `StoreError`.
#[must_use]
#[inline]
pub fn snake(name: &str) -> String {
    if name.contains('<') {
        // An instance of a generic type is named after what it is made of.
        let words = name.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
        return words.map(snake).collect::<Vec<_>>().join("_");
    }
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| letters[at]);
        let begins = before.is_some_and(|before| {
            before.is_lowercase()
                || before.is_ascii_digit()
                || (before.is_uppercase() && letters.get(at + 1).is_some_and(|next| next.is_lowercase()))
        });
        if letter.is_uppercase() && begins {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    ascii(&snake)
}

/// Rust's names may have letters that not every compiler of C takes.
#[inline]
fn ascii(name: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    if name.chars().all(is_plain) {
        return name.to_owned();
    }
    let letter = |letter: char| {
        if is_plain(letter) { letter.to_string() } else { format!("u{:x}", u32::from(letter)) }
    };
    name.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_rust_become_names_of_c() {
        assert_eq!(
            ["Page<Item>", "Pair<[u8; 4], Vec<HTTPServer>>"].map(snake),
            ["page_item", "pair_u8_4_vec_http_server"]
        );
        let snakes = ["StoreError", "IpAddr", "HTTPServer", "V2", "Ipv4Addr", "Maß"].map(snake);
        assert_eq!(snakes, ["store_error", "ip_addr", "http_server", "v2", "ipv4_addr", "maudf"]);
        assert_eq!(["delete", "0", "key", "r#type"].map(ident), ["delete_", "_0", "key", "type"]);
    }
}
