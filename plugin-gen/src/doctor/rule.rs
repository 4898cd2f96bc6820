//! The table of the doctor's rules: one line each. Names are stable; a retired one is never used again.

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Worth knowing.
    Note,
    /// It works, and will hurt some day.
    Warning,
    /// A host cannot load it, or should not.
    Error,
}

impl Level {
    /// As in `error`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

macro_rules! rules {
    ($($rule:ident $level:ident $name:literal $title:literal)*) => {
        /// What is asked of a library.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Rule {
            $(#[doc = $title] $rule,)*
        }

        impl Rule {
            /// Every rule.
            pub(crate) const ALL: &[Self] = &[$(Self::$rule),*];

            /// Its name, as in `executable-stack`: stable, for programs.
            pub(crate) const fn name(self) -> &'static str {
                match self {
                    $(Self::$rule => $name,)*
                }
            }

            /// How much it matters.
            pub(crate) const fn level(self) -> Level {
                match self {
                    $(Self::$rule => Level::$level,)*
                }
            }

            /// What it is about, in a few words.
            pub(crate) const fn title(self) -> &'static str {
                match self {
                    $(Self::$rule => $title,)*
                }
            }

            /// Whom it hurts, an example and what to do, in Markdown.
            pub(crate) const fn explanation(self) -> &'static str {
                match self {
                    $(Self::$rule => include_str!(concat!("explain/", $name, ".md")),)*
                }
            }
        }
    };
}

rules! {
    Damaged Error "damaged" "not a whole ELF shared object"
    NotShared Error "not-shared" "an ELF file that is no shared object"
    EbpfObject Note "ebpf-object" "an eBPF object, for hosts with the feature `ebpf`"
    UnreadableObject Error "unreadable-object" "an eBPF object that cannot be compared with a contract"
    NoPlugin Error "no-plugin" "a shared object without a plugin in it"
    Mock Warning "mock" "a mock, which is for tests"
    EntryMissing Error "entry-missing" "the note names an entry that is not there"
    NoSectionHeaders Warning "no-section-headers" "nobody but a host can look into it"
    PanicAborts Warning "panic-aborts" "a panic ends the host"
    DebugBuild Note "debug-build" "built with debug assertions"
    NoDlopen Error "no-dlopen" "it forbids to be opened at run time"
    Musl Warning "musl" "linked for musl"
    NeverUnloaded Note "never-unloaded" "it stays in memory for good"
    StaticTls Warning "static-tls" "thread-locals in room that is scarce"
    RelativeSearchPath Error "relative-search-path" "libraries are searched where the host happens to be"
    NeededByPath Warning "needed-by-path" "a library is needed by its path"
    PrivateSymbols Warning "private-symbols" "what the C library keeps to itself is used"
    NewerGlibc Error "newer-glibc" "a later glibc is needed than there is"
    ExecutableStack Error "executable-stack" "an executable stack is asked for"
    TextRelocations Warning "text-relocations" "code is written to while it is loaded"
    WritableCode Warning "writable-code" "memory that can be written and run"
    UndefinedSymbols Error "undefined-symbols" "symbols that nothing provides"
    UnversionedSymbols Note "unversioned-symbols" "symbols that one library must provide"
    UniqueSymbols Warning "unique-symbols" "symbols that exist once in a process"
    ExportedRuntime Warning "exported-runtime" "a C++ runtime inside is seen from outside"
    MoreExports Warning "more-exports" "more is exported than the entry"
    DifferentMachines Warning "different-machines" "libraries for different machines"
    DifferentCLibraries Error "different-c-libraries" "libraries for different C libraries"
    CollidingSymbols Warning "colliding-symbols" "several libraries export the same symbol"
}

impl Rule {
    /// The rule of this name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.name().eq_ignore_ascii_case(text))
    }
}

#[cfg(test)]
mod tests {
    use super::Rule;
    use crate::report::page;

    #[test]
    fn every_rule_has_a_page_that_says_its_level() {
        for rule in Rule::ALL {
            page::check(rule.name(), rule.title(), rule.explanation());
            let level = format!("\nLevel: {}.\n", rule.level().name());
            assert!(rule.explanation().contains(&level), "{} does not say `{}`", rule.name(), level.trim());
        }
    }
}
