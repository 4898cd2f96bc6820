//! The table of authoring errors: one line each. Codes are stable; a retired one is never used again.

use std::fmt;

macro_rules! codes {
    ($($code:ident $title:literal)*) => {
        /// An authoring error's code, as in `P012`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $title] $code,)*
        }

        impl Code {
            /// The code that is written like this.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.to_string().eq_ignore_ascii_case(text))
            }

            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$code),*];

            /// What it means, whom it breaks and what to do, in Markdown.
            #[cfg(feature = "cli")]
            #[must_use]
            pub const fn explanation(self) -> &'static str {
                match self {
                    $(Self::$code => include_str!(concat!("explain/", stringify!($code), ".md")),)*
                }
            }

            /// What it is about, in a few words.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$code => $title,)*
                }
            }
        }

        impl fmt::Display for Code {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $(Self::$code => stringify!($code),)*
                })
            }
        }
    };
}

codes! {
    P000 "not the syntax that is expected here"
    P001 "the attribute is on something that is no trait"
    P002 "an argument of the attribute is missing, unknown or given twice"
    P003 "a contract's id is malformed"
    P004 "a version is malformed, or later than the contract's"
    P005 "the trait is generic, unsafe or auto"
    P006 "a supertrait that no contract can have"
    P007 "the trait holds something that is no method"
    P008 "a method is generic"
    P009 "a method is const, unsafe, extern or pub"
    P010 "a method takes its object neither as &self nor as &mut self"
    P011 "an argument is a pattern"
    P012 "a type that cannot cross"
    P013 "a reference that cannot cross"
    P014 "a borrowed result"
    P015 "two methods share a name"
    P016 "a former name is malformed or taken"
    P017 "an async method of a trait whose objects stay on their thread"
    P019 "a method of a mocked contract takes more than 12 arguments"
    P020 "the derive is on a union"
    P021 "a generic type that cannot cross"
    P022 "a field, variant or name that cannot cross"
    P023 "an open enum lacks `Unknown(u32)`"
    P024 "a field that may be missing stands before one that may not"
    P025 "a plain struct whose bytes cannot be shared"
    P027 "a method's name is taken by a contract that this one is built on"
    P030 "export_plugin! is not of the form `dyn Trait => constructor`"
    P040 "what a method is to the kernel is malformed, or said twice"
    P041 "a method is not what its attribute stands on"
    P042 "something that a kernel program cannot hold or do"
    PC001 "method removed"
    PC002 "required method added"
    PC003 "argument type changed"
    PC004 "number of arguments changed"
    PC005 "return type changed"
    PC006 "receiver changed"
    PC007 "a method became async, or stopped being so"
    PC008 "method renamed"
    PC009 "thread bounds changed"
    PC010 "method with a default body added"
    PC011 "default body added"
    PC012 "default body removed"
    PC013 "what a method is to the kernel changed"
    PC014 "a contract that this one is built on was added or removed"
    PC020 "order, names of arguments or docs changed"
    PC101 "field appended to a sized struct"
    PC102 "field changed"
    PC103 "field renamed"
    PC104 "variant added to an enum that plugins return"
    PC105 "variant added to an enum that plugins take"
    PC106 "variant removed, or its number changed"
    PC108 "layout changed though the text did not"
    PC201 "contract gone from the code"
    PC202 "revision of the binary interface changed"
    PC203 "version not raised as the changes demand"
    PC204 "lock file missing, unreadable or edited by hand"
    PC205 "history of `since` rewritten"
    PC206 "generated file stale"
    PC207 "contract not in the lock"
    PC208 "accepted entry without its contract"
    PC301 "a program is missing from the object"
    PC302 "a program is attached elsewhere, or takes another context"
    PC303 "the object says nothing of a type"
    PC304 "a field lies elsewhere"
    PC305 "a field has another type"
    PC306 "a field is missing, new or called otherwise"
    PC307 "an array has another length"
    PC308 "a union or a bit field stands where a field should"
    PC309 "a struct has another size"
    PC310 "a map is missing, or is another kind of map"
    PC311 "a map's key or value is another type"
    PC312 "constants are missing, or can be written"
}

#[cfg(feature = "cli")]
impl Code {
    /// The first paragraph of the explanation.
    #[must_use]
    pub fn summary(self) -> &'static str {
        super::page::summary(self.explanation())
    }
}

#[cfg(all(test, feature = "cli"))]
mod tests {
    use super::Code;
    use crate::lock::{Compat, Level, Step, rule};
    use crate::report::page;

    /// What a rule does to whom, as its explanation shows it.
    fn table(code: Code) -> Option<String> {
        let rule = rule(code)?;
        let [old, new] = [rule.old_plugin, rule.new_plugin];
        let [implementor, caller] = [rule.implementor, rule.caller];
        let step = |compat| Step::of(code, rule.level, compat);
        let needs = match [Compat::Backward, Compat::Forward, Compat::Full].map(step) {
            [Step::None, Step::None, Step::None] => "It asks for no new version.".to_owned(),
            steps => {
                let [backward, forward, full] = steps.map(|step| match step {
                    Step::None => "none",
                    Step::Minor => "minor",
                    Step::Major => "major",
                });
                format!("It needs, under `compat` backward, forward and full: {backward}, {forward}, {full}.")
            }
        };
        Some(format!(
            "| old plugin, new host | new plugin, old host | implementor, recompiled | caller, recompiled |\n\
             | --- | --- | --- | --- |\n\
             | {old} | {new} | {implementor} | {caller} |\n\n\
             Level: {}. {needs}\n",
            rule.level
        ))
    }

    #[test]
    fn an_explanation_is_a_page_like_all() {
        for code in Code::ALL {
            page::check(&code.to_string(), code.title(), code.explanation());
        }
    }

    #[test]
    fn an_explanation_of_drift_shows_what_its_rule_says() {
        for code in Code::ALL {
            let text = code.explanation();
            match table(*code) {
                Some(table) => assert!(text.contains(&table), "{code} does not show\n{table}"),
                None => assert!(!text.contains("| --- |"), "{code} has no rule, and shows one"),
            }
        }
    }

    #[test]
    fn an_explanation_names_codes_that_there_are() {
        for code in Code::ALL {
            let words = code.explanation().split(|c: char| !c.is_ascii_alphanumeric());
            let is_code = |word: &&str| {
                let digits = word.trim_start_matches(|c: char| c.is_ascii_uppercase());
                digits.len() == 3 && word.starts_with('P') && digits.bytes().all(|c| c.is_ascii_digit())
            };
            for word in words.filter(is_code) {
                assert!(Code::parse(word).is_some(), "{code} speaks of {word}");
            }
        }
    }

    #[test]
    fn only_what_breaks_is_said_to_be_refused() {
        // What the columns say and what the level says are one thing said twice.
        for rule in crate::lock::RULES.iter().filter(|rule| rule.level < Level::Error) {
            let binary = [rule.old_plugin, rule.new_plugin].iter().all(|out| out.to_string() == "works");
            assert_eq!(binary, rule.level < Level::Breaking, "{}", rule.code);
        }
    }
}
