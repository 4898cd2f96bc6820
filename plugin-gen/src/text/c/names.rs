//! Names as C has them.
//!
//! In: names of Rust. Out: identifiers that no keyword and no other name of the header takes. It does not know what they
//! name.

use std::collections::BTreeSet;

/// Words that C, C++ or their usual headers keep for themselves.
const TAKEN: &str = "alignas alignof and and_eq asm assert atomic_cancel auto bitand bitor bool break case catch char \
    char8_t char16_t char32_t class compl complex concept const const_cast consteval constexpr constinit continue \
    co_await co_return co_yield decltype default delete do double dynamic_cast else enum errno explicit export extern \
    false float for friend goto if imaginary inline int linux long mutable namespace new noexcept not not_eq nullptr \
    operator or or_eq private protected public register reinterpret_cast requires restrict return short signed sizeof \
    static static_assert static_cast stderr stdin stdout struct switch template this thread_local throw true try \
    typedef typeid typename typeof union unix unsigned using virtual void volatile wchar_t while xor xor_eq";

/// What every header calls its own, beside all that begins with `plugin_`.
const FIXED: &str = "status bool char unit str string free allocate lend configured panicked refused methods plugin \
    string_view load unload u128 i128 drop_string make_string sink room sink_bytes sink_reserve sink_write sink_end \
    lend_sink lend_string waker keep_waker drop_waker wake free_object free_state ignore failed";

/// Macros that every header has, beside those that begin with the name of one of its methods.
const MACROS: &str = "status_ok status_error status_panicked status_unsupported status_pending none some ok err h c noexcept layout \
    offset id magic revision plugin class_plugin export prototypes no_prototype entry_prototype guard typed defined host \
    thread_local note note_text note_begin note_end note_flags compiler machine target";

/// The names of one header.
pub(super) struct Names {
    lower: String,
    claimed: BTreeSet<String>,
    macros: BTreeSet<String>,
}

impl Names {
    /// Those of the contract with this id, with the names that every header has.
    pub(super) fn new(id: &str) -> Self {
        let words = |words: &str| words.split_whitespace().map(str::to_owned).collect();
        Self { lower: file_name(id), claimed: words(FIXED), macros: words(MACROS) }
    }

    /// A name that nothing else has, behind the prefix: this one, or one like it.
    pub(super) fn claim(&mut self, wanted: &str) -> String {
        claim(&mut self.claimed, wanted)
    }

    /// A beginning under which every name with one of these endings is free: this one, or one like it. An empty ending is the
    /// beginning itself.
    pub(super) fn claim_all(&mut self, wanted: &str, other: &str, endings: &[&str]) -> String {
        let later = (2..).map(|number| format!("{wanted}_{other}_{number}"));
        let begins = [wanted.to_owned(), format!("{wanted}_{other}")].into_iter().chain(later);
        let named = |begin: &str, ending: &&str| {
            if ending.is_empty() { begin.to_owned() } else { format!("{begin}_{ending}") }
        };
        for begin in begins {
            let all: Vec<_> = endings.iter().map(|ending| named(&begin, ending)).collect();
            if all.iter().all(|name| !self.claimed.contains(name)) {
                self.claimed.extend(all);
                return begin;
            }
        }
        wanted.to_owned()
    }

    /// A name that no type and no macro has.
    pub(super) fn claim_macro(&mut self, wanted: &str) -> String {
        let mut name = claim(&mut self.macros, wanted);
        while !self.claimed.insert(name.clone()) {
            name = claim(&mut self.macros, &format!("{name}_variant"));
        }
        name
    }

    /// The prefix of macros.
    pub(super) fn upper(&self) -> String {
        self.lower.to_uppercase()
    }

    /// The template with the prefixes in it.
    pub(super) fn fill(&self, template: &str) -> String {
        template.replace("@p@", &self.lower).replace("@P@", &self.upper())
    }
}

fn claim(claimed: &mut BTreeSet<String>, wanted: &str) -> String {
    let later = (2..).map(|number| format!("{wanted}_{number}"));
    let mut names = [wanted.to_owned(), format!("{wanted}_type")].into_iter().chain(later);
    names.find(|name| claimed.insert(name.clone())).unwrap_or_default()
}

/// The contract's id as the beginning of a name: `acme_store`.
#[must_use]
pub fn file_name(id: &str) -> String {
    id.replace(['.', '-'], "_")
}

/// A member's or an argument's name: `delete_` for `delete`, `_0` for the first of a tuple.
pub(super) fn ident(name: &str) -> String {
    let name = ascii(name.trim_start_matches("r#"));
    match name.as_bytes().first() {
        Some(first) if first.is_ascii_digit() => format!("_{name}"),
        _ if TAKEN.split_whitespace().any(|word| word == name) => format!("{name}_"),
        _ => name,
    }
}

/// A type's name: `store_error` for `StoreError`.
pub(super) fn snake(name: &str) -> String {
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
fn ascii(name: &str) -> String {
    let letter = |letter: char| {
        if letter.is_ascii_alphanumeric() || letter == '_' {
            letter.to_string()
        } else {
            format!("u{:x}", u32::from(letter))
        }
    };
    name.chars().map(letter).collect()
}

/// Something of this type and name: what ends as a pointer stands by its name.
pub(super) fn declared(ty: &str, name: &str) -> String {
    if ty.ends_with('*') { format!("{ty}{name}") } else { format!("{ty} {name}") }
}

/// A heading of the header.
pub(super) fn heading(title: &str) -> String {
    format!("/* {}\n * {title}\n */\n\n", "-".repeat(114))
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

    #[test]
    fn a_name_is_given_once() {
        let mut names = Names::new("acme.store");
        assert_eq!(
            ["bytes", "bytes", "bytes", "status"].map(|name| names.claim(name)),
            ["bytes", "bytes_type", "bytes_2", "status_type"]
        );
    }
}
