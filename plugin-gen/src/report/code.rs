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
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$code),*];

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
    P006 "a supertrait other than Send, Sync and 'static"
    P007 "the trait holds something that is no method"
    P008 "a method is generic"
    P009 "a method is async, const, unsafe, extern or pub"
    P010 "a method takes its object neither as &self nor as &mut self"
    P011 "an argument is a pattern"
    P012 "a type that cannot cross"
    P013 "a reference that cannot cross"
    P014 "a borrowed result"
    P015 "two methods share a name"
    P016 "a former name is malformed or taken"
    P020 "the derive is on a union"
    P021 "the derive is on a generic type"
    P022 "a field, variant or name that cannot cross"
    P023 "an open enum lacks `Unknown(u32)`"
    P024 "a field that may be missing stands before one that may not"
    P030 "export_plugin! is not of the form `dyn Trait => constructor`"
    PC001 "a method was removed"
    PC002 "a required method was added"
    PC003 "an argument's type changed"
    PC004 "the number of arguments changed"
    PC005 "the return type changed"
    PC006 "the receiver changed"
    PC009 "the thread bounds changed"
    PC010 "a method with a default body was added"
    PC012 "a default body was removed"
    PC102 "a field or variant changed"
    PC108 "a type changed though the signature's text did not"
    PC201 "the contract's id is gone from the code"
    PC203 "the version was not raised as the changes demand"
    PC204 "the lock file is unreadable, half-merged or edited by hand"
    PC206 "a generated file is stale"
}
