//! Names as C has them.
//!
//! In: names of Rust. Out: identifiers that no keyword and no other name of the header takes. It does not know what they
//! name.

use std::collections::BTreeSet;

pub use plugin_abi::c_name::file_name;
pub(super) use plugin_abi::c_name::{ident, snake};

/// What every header calls its own, beside all that begins with `plugin_`.
const FIXED: &str = "status bool char unit str string free allocate lend configured panicked refused methods plugin \
    string_view load unload u128 i128 drop_string make_string sink room sink_bytes sink_reserve sink_write sink_end \
    lend_sink lend_string waker keep_waker drop_waker wake free_object free_state ignore failed answer";

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
    fn a_name_is_given_once() {
        let mut names = Names::new("acme.store");
        assert_eq!(
            ["bytes", "bytes", "bytes", "status"].map(|name| names.claim(name)),
            ["bytes", "bytes_type", "bytes_2", "status_type"]
        );
    }
}
