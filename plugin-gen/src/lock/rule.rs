//! The drift rules as one table: who breaks, and what it demands of the version.
//!
//! In: a [`Code`]. Out: its [`Rule`]. It does not know how a difference is found; long texts stand with the codes.

use std::fmt;

use super::Compat;
use crate::report::Code;
use crate::syntax::Version;

/// How much a difference matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nobody notices.
    Patch,
    /// Something new that nobody misses.
    Additive,
    /// What is built keeps working; what is compiled again must be changed.
    SourceBreaking,
    /// What is built is refused, in one direction at least.
    Breaking,
    /// No matter of compatibility: the lock, a version or a file is wrong.
    Error,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Patch => "patch",
            Self::Additive => "additive",
            Self::SourceBreaking => "source-breaking",
            Self::Breaking => "breaking",
            Self::Error => "error",
        })
    }
}

/// What becomes of one pair of old and new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It works as before.
    Works,
    /// It is refused, with a reason: the load, or the compilation.
    Refused,
    /// That depends on the direction, or on whether the plugin has what is asked for.
    Depends,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Works => "works",
            Self::Refused => "refused",
            Self::Depends => "depends",
        })
    }
}

/// One rule: what a change does to everybody who has the contract as it was.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its id, and through that its title and long explanation.
    pub code: Code,
    /// How much it matters.
    pub level: Level,
    /// A plugin built before the change, in a host built after it.
    pub old_plugin: Outcome,
    /// A plugin built after the change, in a host built before it.
    pub new_plugin: Outcome,
    /// An implementor's source, compiled again.
    pub implementor: Outcome,
    /// A caller's source, compiled again.
    pub caller: Outcome,
    /// What to do other than accept it.
    pub help: &'static str,
}

macro_rules! rules {
    ($($code:ident $level:ident: $old:ident $new:ident, $implementor:ident $caller:ident, $help:literal)*) => {
        /// Every rule, by id.
        pub const RULES: &[Rule] = &[$(Rule {
            code: Code::$code,
            level: Level::$level,
            old_plugin: Outcome::$old,
            new_plugin: Outcome::$new,
            implementor: Outcome::$implementor,
            caller: Outcome::$caller,
            help: $help,
        }),*];
    };
}

// id, level: old plugin in new host, new plugin in old host, implementor and caller compiled again, cure.
rules! {
    PC001 Breaking: Works Refused, Refused Refused, "keep the method, and give it a default body if nobody shall write it"
    PC002 Breaking: Refused Works, Refused Works, "give it a default body (PC010)"
    PC003 Breaking: Refused Refused, Refused Refused, "keep the type, or add another method with a default body (PC010)"
    PC004 Breaking: Refused Refused, Refused Refused, "keep the arguments, or add another method with a default body (PC010)"
    PC005 Breaking: Refused Refused, Refused Refused, "keep the type, or add another method with a default body (PC010)"
    PC006 Breaking: Refused Refused, Refused Depends, "keep the receiver, or add another method with a default body (PC010)"
    PC007 Breaking: Refused Refused, Refused Refused, "keep the method as it was, or add another with a default body (PC010)"
    PC008 SourceBreaking: Works Works, Refused Refused, "keep the name where sources must go on compiling"
    PC009 Breaking: Depends Depends, Depends Depends, "take the bounds back"
    PC010 Additive: Works Works, Works Works, "accept it, so that it is promised from now on"
    PC011 Additive: Works Works, Works Works, "accept it, so that it is promised from now on"
    PC012 Breaking: Depends Works, Depends Works, "keep a default body, whatever it does"
    PC013 Breaking: Refused Refused, Works Works, "keep it, or add another method"
    PC014 SourceBreaking: Works Works, Depends Depends, "keep the supertraits where sources must go on compiling"
    PC020 Patch: Works Works, Works Works, "accept it when convenient: the lock shows an older text"
    PC101 Additive: Works Works, Depends Depends, "accept it, so that it is promised from now on"
    PC102 Breaking: Refused Refused, Refused Refused, "keep the fields; a `#[plugin(sized)]` struct may gain some at its end (PC101)"
    PC103 SourceBreaking: Works Works, Refused Refused, "keep the name where sources must go on compiling"
    PC104 Breaking: Refused Refused, Works Refused, "mark the enum `#[plugin(open)]` in a version that may break, then add variants freely"
    PC105 Breaking: Refused Refused, Refused Works, "mark the enum `#[plugin(open)]` in a version that may break, then add variants freely"
    PC106 Breaking: Refused Refused, Refused Refused, "keep the variant and its number; add new ones at the end"
    PC108 Breaking: Refused Refused, Depends Depends, "take back what changed under the name"
    PC201 Error: Works Refused, Refused Refused, "restore the id: it names the contract for ever"
    PC202 Error: Refused Refused, Works Works, "build every host and plugin again, then accept"
    PC203 Error: Works Works, Works Works, "raise the version"
    PC204 Error: Works Works, Works Works, "restore the lock from git"
    PC205 Error: Works Works, Works Works, "restore the version in `#[since]`"
    PC206 Error: Works Works, Works Works, "run `cargo plugin-gen generate`"
    PC207 Error: Works Works, Works Works, "run `cargo plugin-gen accept`, or say `unlocked` in the attribute"
    PC208 Error: Works Works, Works Works, "run `cargo plugin-gen accept`, which leaves it out"
    PC301 Error: Refused Refused, Refused Works, "name the function after the method"
    PC302 Error: Refused Refused, Refused Works, "use the section and the argument that the header shows"
    PC303 Error: Refused Refused, Refused Works, "include the generated header, and compile with `-g`"
    PC304 Error: Refused Refused, Refused Works, "include the generated header"
    PC305 Error: Refused Refused, Refused Works, "include the generated header"
    PC306 Error: Refused Refused, Refused Works, "include the generated header"
    PC307 Error: Refused Refused, Refused Works, "include the generated header"
    PC308 Error: Refused Refused, Refused Works, "use whole integers"
    PC309 Error: Refused Refused, Refused Works, "include the generated header"
    PC310 Error: Refused Refused, Refused Works, "use the map that the header declares"
    PC311 Error: Refused Refused, Refused Works, "use the map that the header declares"
    PC312 Error: Refused Refused, Refused Works, "use the constant that the header declares"
}

/// The rule with this id; authoring errors have none.
#[must_use]
pub fn rule(code: Code) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code == code)
}

/// What a change demands of a contract's version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Nothing.
    None,
    /// The next minor version: something was added, or breaks where nobody was promised otherwise.
    Minor,
    /// The next major version: a pair that was promised to work no longer does.
    Major,
}

impl Step {
    /// What a difference of this rule and level demands under this promise.
    #[must_use]
    pub fn of(code: Code, level: Level, compat: Compat) -> Self {
        match level {
            Level::Patch | Level::Error => Self::None,
            Level::Additive | Level::SourceBreaking => Self::Minor,
            Level::Breaking => {
                let broken = |outcome| outcome != Outcome::Works;
                let promised = rule(code).is_none_or(|rule| match compat {
                    Compat::Backward => broken(rule.old_plugin),
                    Compat::Forward => broken(rule.new_plugin),
                    Compat::Full => broken(rule.old_plugin) || broken(rule.new_plugin),
                });
                if promised { Self::Major } else { Self::Minor }
            }
        }
    }

    /// The first version after this one that satisfies the demand. Below 1.0.0 the minor version is the major one and
    /// the patch the minor one, as everywhere with cargo.
    #[must_use]
    pub const fn after(self, version: Version) -> Version {
        let Version { major, minor, patch } = version;
        match (self, major) {
            (Self::None, _) => version,
            (Self::Minor, 0) => Version { major, minor, patch: patch + 1 },
            (Self::Minor, _) | (Self::Major, 0) => Version { major, minor: minor + 1, patch: 0 },
            (Self::Major, _) => Version { major: major + 1, minor: 0, patch: 0 },
        }
    }

    /// The part of this version that is to be raised: what `accept --bump` is given.
    #[must_use]
    pub const fn part(self, version: Version) -> &'static str {
        match (self, version.major) {
            (Self::None, _) | (Self::Minor, 0) => "patch",
            (Self::Minor, _) | (Self::Major, 0) => "minor",
            (Self::Major, _) => "major",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Compat, Level, RULES, Step, rule};
    use crate::report::Code;
    use crate::syntax::Version;

    #[test]
    fn every_drift_code_has_one_rule() {
        let drift = Code::ALL.iter().filter(|code| code.to_string().starts_with("PC"));
        let rules: Vec<_> = RULES.iter().map(|rule| rule.code).collect();
        assert_eq!(drift.copied().collect::<Vec<_>>(), rules);
    }

    #[test]
    fn a_rule_that_refuses_a_pair_breaks() {
        for rule in RULES.iter().filter(|rule| rule.level < Level::Breaking) {
            assert_eq!(Step::of(rule.code, Level::Breaking, Compat::Full), Step::Minor, "{}", rule.code);
        }
    }

    #[test]
    fn what_a_promise_does_not_cover_needs_no_major_version() {
        let step = |code, compat| Step::of(code, rule(code).expect("it has one").level, compat);
        assert_eq!(step(Code::PC001, Compat::Backward), Step::Minor);
        assert_eq!(step(Code::PC001, Compat::Forward), Step::Major);
        assert_eq!(step(Code::PC002, Compat::Backward), Step::Major);
        assert_eq!(step(Code::PC002, Compat::Forward), Step::Minor);
        assert_eq!(step(Code::PC002, Compat::Full), Step::Major);
        assert_eq!(step(Code::PC003, Compat::Forward), Step::Major);
        assert_eq!(step(Code::PC010, Compat::Full), Step::Minor);
        assert_eq!(step(Code::PC020, Compat::Full), Step::None);
    }

    #[test]
    fn below_one_everything_moves_one_place_down() {
        let version = |text| Version::parse(text).expect("a version");
        for (step, from, to) in [
            (Step::Major, "1.2.3", "2.0.0"),
            (Step::Minor, "1.2.3", "1.3.0"),
            (Step::None, "1.2.3", "1.2.3"),
            (Step::Major, "0.2.3", "0.3.0"),
            (Step::Minor, "0.2.3", "0.2.4"),
        ] {
            assert_eq!(step.after(version(from)), version(to), "{step:?} {from}");
        }
    }
}
