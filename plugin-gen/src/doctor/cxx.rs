//! C++ inside a library: whose runtime, and which of its binary interfaces.
//!
//! In: mangled names (Itanium C++ ABI), needed libraries, constant data. Out: what they tell. It demangles nothing.

use super::dynamic::Dynamic;
use super::symbols::Symbols;

/// The name of a type that every C++ runtime holds and no other library defines.
const OF_A_RUNTIME: &[u8] = b"\0St9bad_alloc\0";

/// A tag of C++'s binary interface, as names show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tag {
    /// C++ without any of the others.
    Plain,
    /// libstdc++'s strings and lists before GCC 5.
    Old,
    /// Those since GCC 5.
    Cxx11,
    /// libc++'s namespace.
    One,
}

impl Tag {
    /// The tag of a mangled name; nothing for one that is not of C++.
    pub(super) fn of(name: &str) -> Option<Self> {
        // Rust mangles its older names like C++: those end in a hash.
        let end = name.len().checked_sub("17h0123456789abcdefE".len()).and_then(|at| name.get(at..));
        if !name.starts_with("_Z") || end.is_some_and(|end| end.starts_with("17h")) {
            None
        } else if name.contains("__cxx11") || name.contains("B5cxx11") {
            Some(Self::Cxx11)
        } else if name.contains("St3__1") {
            Some(Self::One)
        } else if name.starts_with("_ZNSs") || name.starts_with("_ZNKSs") {
            Some(Self::Old)
        } else {
            Some(Self::Plain)
        }
    }

    const fn name(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Old => Some("old"),
            Self::Cxx11 => Some("cxx11"),
            Self::One => Some("__1"),
        }
    }
}

/// C++ in a library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cxx {
    /// `libstdc++` or `libc++`.
    pub(crate) runtime: &'static str,
    /// The runtime is inside the file.
    pub(crate) is_static: bool,
    /// The tags of the binary interface in its names: `cxx11` for the strings and lists since GCC 5, `old` for those
    /// before, `__1` for libc++'s namespace.
    pub(crate) tags: Vec<&'static str>,
}

impl Cxx {
    /// Nothing for a library without C++. `data` is asked when names do not tell: symbols may be stripped.
    pub(super) fn of<'data>(
        dynamic: &Dynamic,
        symbols: &Symbols,
        data: impl FnOnce() -> Vec<&'data [u8]>,
    ) -> Option<Self> {
        let needs = |prefix: &str| dynamic.needed.iter().any(|name| name.starts_with(prefix));
        let is_one = needs("libc++") || (!needs("libstdc++") && symbols.tags.contains(&Tag::One));
        let runtime = if is_one { "libc++" } else { "libstdc++" };
        let tags = symbols.tags.iter().filter_map(|tag| tag.name()).collect();
        if needs("libstdc++.so") || needs("libc++") {
            return Some(Self { runtime, is_static: false, tags });
        }
        let is_static = symbols.has_cxx_runtime
            || (!symbols.has_table && data().into_iter().any(|data| contains(data, OF_A_RUNTIME)));
        (is_static || !symbols.tags.is_empty()).then_some(Self { runtime, is_static, tags })
    }
}

fn contains(data: &[u8], wanted: &[u8]) -> bool {
    // Most bytes of the data are no zero: the first byte alone decides fast.
    let mut rest = data;
    while let Some(at) = rest.iter().position(|byte| *byte == wanted[0]) {
        if rest[at..].starts_with(wanted) {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_interface_they_were_compiled_for() {
        let tag = |name: &str| Tag::of(name).map(Tag::name);
        assert_eq!(tag("_ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEC1Ev"), Some(Some("cxx11")));
        assert_eq!(tag("_Z4nameB5cxx11v"), Some(Some("cxx11")));
        assert_eq!(tag("_ZNSs6appendEPKc"), Some(Some("old")));
        assert_eq!(tag("_ZNSt3__112basic_stringIcE6appendEPKc"), Some(Some("__1")));
        assert_eq!(tag("_ZSt9terminatev"), Some(None));
        assert_eq!(tag("_ZN3std2io5stdio6_print17h0123456789abcdefE"), None, "that is Rust");
        assert_eq!(tag("_RNvCs1234_7mycrate3foo"), None);
        assert_eq!(tag("_Zü17h0123456789abcdef"), Some(None), "not cut inside a letter");
    }

    #[test]
    fn a_text_is_found_wherever_it_begins() {
        assert!(contains(b"\0\0St9bad_alloc\0", OF_A_RUNTIME));
        assert!(!contains(b"\0St9bad_allo", OF_A_RUNTIME) && !contains(b"", OF_A_RUNTIME));
    }
}
