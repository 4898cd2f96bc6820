//! Conditions on one argument.
//!
//! In: an argument as a predicate sees it, `str` of `&str` and of `String`. Out: yes or no, and how the condition reads. It
//! does not know methods.

use std::borrow::Borrow;
use std::fmt;
use std::ops::RangeBounds;

/// A condition on one argument. Every `Fn(&T) -> bool` is one: `|key: &str| key.len() > 3`.
pub trait Predicate<T: ?Sized>: Send + Sync {
    /// Whether the argument satisfies it.
    fn matches(&self, value: &T) -> bool;

    /// How it reads in a report: `eq("k")`. `show` prints a value of the argument's type, whether or not that has `Debug`.
    fn describe(&self, show: &dyn Fn(&T) -> String) -> String;

    /// The value that the argument should have been, when it is one.
    fn wanted(&self) -> Option<&T> {
        None
    }
}

impl<T: ?Sized, F: Fn(&T) -> bool + Send + Sync> Predicate<T> for F {
    fn matches(&self, value: &T) -> bool {
        self(value)
    }

    fn describe(&self, _: &dyn Fn(&T) -> String) -> String {
        "function(…)".to_owned()
    }
}

/// One that is chosen at run time.
impl<T: ?Sized> Predicate<T> for Box<dyn Predicate<T>> {
    fn matches(&self, value: &T) -> bool {
        (**self).matches(value)
    }

    fn describe(&self, show: &dyn Fn(&T) -> String) -> String {
        (**self).describe(show)
    }

    fn wanted(&self) -> Option<&T> {
        (**self).wanted()
    }
}

/// Any value.
#[must_use]
pub fn always() -> Always {
    Always
}

/// See [`always`].
#[derive(Clone, Copy, Debug)]
pub struct Always;

impl<T: ?Sized> Predicate<T> for Always {
    fn matches(&self, _: &T) -> bool {
        true
    }

    fn describe(&self, _: &dyn Fn(&T) -> String) -> String {
        "always()".to_owned()
    }
}

/// A value for which this returns true: a closure whose argument's type need not be written.
#[must_use]
pub fn function<T: ?Sized, F: Fn(&T) -> bool + Send + Sync>(holds: F) -> F {
    holds
}

/// Compares by `==`, `<` and so on, and says so.
macro_rules! comparisons {
    ($($(#[$doc:meta])* $name:ident $type:ident: $bound:ident, $wanted:expr;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name<U>(value: U) -> $type<U> {
            $type(value)
        }

        #[doc = concat!("See [`", stringify!($name), "`].")]
        #[derive(Clone, Copy, Debug)]
        pub struct $type<U>(U);

        impl<T: ?Sized + $bound, U: Borrow<T> + Send + Sync> Predicate<T> for $type<U> {
            fn matches(&self, value: &T) -> bool {
                $bound::$name(value, self.0.borrow())
            }

            fn describe(&self, show: &dyn Fn(&T) -> String) -> String {
                format!(concat!(stringify!($name), "({})"), show(self.0.borrow()))
            }

            fn wanted(&self) -> Option<&T> {
                let wanted: bool = $wanted;
                wanted.then(|| self.0.borrow())
            }
        }
    )*};
}

comparisons! {
    /// A value equal to this one: `eq("k")` for `&str` and `String`, `eq([1, 2])` for `&[u8]` and `Vec<u8>`.
    eq Eq: PartialEq, true;
    /// Any other value than this one.
    ne Ne: PartialEq, false;
    /// A value above this one.
    gt Gt: PartialOrd, false;
    /// A value below this one.
    lt Lt: PartialOrd, false;
    /// This value or one above it.
    ge Ge: PartialOrd, false;
    /// This value or one below it.
    le Le: PartialOrd, false;
}

/// A value in a range: `in_range(1..=3)`.
#[must_use]
pub fn in_range<B>(range: B) -> InRange<B> {
    InRange(range)
}

/// See [`in_range`].
#[derive(Clone, Copy, Debug)]
pub struct InRange<B>(B);

impl<T: PartialOrd, B: RangeBounds<T> + Send + Sync> Predicate<T> for InRange<B> {
    fn matches(&self, value: &T) -> bool {
        self.0.contains(value)
    }

    fn describe(&self, show: &dyn Fn(&T) -> String) -> String {
        use std::ops::Bound::{Excluded, Included, Unbounded};
        let start = match self.0.start_bound() {
            Included(start) => show(start),
            Excluded(start) => format!("{}<", show(start)),
            Unbounded => String::new(),
        };
        let end = match self.0.end_bound() {
            Included(end) => format!("={}", show(end)),
            Excluded(end) => show(end),
            Unbounded => String::new(),
        };
        format!("in_range({start}..{end})")
    }
}

/// A value for which the predicate does not hold.
#[must_use]
pub fn not<P>(predicate: P) -> Not<P> {
    Not(predicate)
}

/// See [`not`].
#[derive(Clone, Copy, Debug)]
pub struct Not<P>(P);

impl<T: ?Sized, P: Predicate<T>> Predicate<T> for Not<P> {
    fn matches(&self, value: &T) -> bool {
        !self.0.matches(value)
    }

    fn describe(&self, show: &dyn Fn(&T) -> String) -> String {
        format!("not({})", self.0.describe(show))
    }
}

/// A value for which both predicates hold.
#[must_use]
pub fn both<P, Q>(one: P, other: Q) -> Both<P, Q> {
    Both(one, other)
}

/// See [`both`].
#[derive(Clone, Copy, Debug)]
pub struct Both<P, Q>(P, Q);

impl<T: ?Sized, P: Predicate<T>, Q: Predicate<T>> Predicate<T> for Both<P, Q> {
    fn matches(&self, value: &T) -> bool {
        self.0.matches(value) && self.1.matches(value)
    }

    fn describe(&self, show: &dyn Fn(&T) -> String) -> String {
        format!("both({}, {})", self.0.describe(show), self.1.describe(show))
    }
}

/// A value for which one of the predicates holds, or both.
#[must_use]
pub fn either<P, Q>(one: P, other: Q) -> Either<P, Q> {
    Either(one, other)
}

/// See [`either`].
#[derive(Clone, Copy, Debug)]
pub struct Either<P, Q>(P, Q);

impl<T: ?Sized, P: Predicate<T>, Q: Predicate<T>> Predicate<T> for Either<P, Q> {
    fn matches(&self, value: &T) -> bool {
        self.0.matches(value) || self.1.matches(value)
    }

    fn describe(&self, show: &dyn Fn(&T) -> String) -> String {
        format!("either({}, {})", self.0.describe(show), self.1.describe(show))
    }
}

/// Conditions on text, whichever way it is passed.
pub mod str {
    use super::{Predicate, fmt};

    /// Text that begins so.
    #[must_use]
    pub fn starts_with(text: impl Into<String>) -> Text {
        Text { name: "starts_with", text: text.into(), holds: |value, text| value.starts_with(text) }
    }

    /// Text that ends so.
    #[must_use]
    pub fn ends_with(text: impl Into<String>) -> Text {
        Text { name: "ends_with", text: text.into(), holds: |value, text| value.ends_with(text) }
    }

    /// Text with this in it.
    #[must_use]
    pub fn contains(text: impl Into<String>) -> Text {
        Text { name: "contains", text: text.into(), holds: |value, text| value.contains(text) }
    }

    /// The same text but for the case of ASCII letters.
    #[must_use]
    pub fn eq_ignore_ascii_case(text: impl Into<String>) -> Text {
        let holds = |value: &str, text: &str| value.eq_ignore_ascii_case(text);
        Text { name: "eq_ignore_ascii_case", text: text.into(), holds }
    }

    /// The whole text by a pattern in which `*` stands for any characters and `?` for one.
    #[must_use]
    pub fn is_like(pattern: impl Into<String>) -> Text {
        Text { name: "is_like", text: pattern.into(), holds: super::is_like }
    }

    /// A condition on text: see the functions of this module.
    #[derive(Clone)]
    pub struct Text {
        name: &'static str,
        text: String,
        holds: fn(&str, &str) -> bool,
    }

    impl fmt::Debug for Text {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{}({:?})", self.name, self.text)
        }
    }

    impl Predicate<str> for Text {
        fn matches(&self, value: &str) -> bool {
            (self.holds)(value, &self.text)
        }

        fn describe(&self, show: &dyn Fn(&str) -> String) -> String {
            format!("{}({})", self.name, show(&self.text))
        }
    }
}

/// Whether a text is like a pattern. One place to go back to is enough: a later `*` takes over all that an earlier one could.
fn is_like(text: &str, pattern: &str) -> bool {
    let (text, pattern): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
    let (mut at, mut of, mut back) = (0, 0, None);
    while at < text.len() {
        match pattern.get(of) {
            Some('*') => {
                back = Some((of, at));
                of += 1;
            }
            Some(found) if *found == '?' || *found == text[at] => {
                at += 1;
                of += 1;
            }
            _ => {
                let Some((star, from)) = back else { return false };
                back = Some((star, from + 1));
                (at, of) = (from + 1, star + 1);
            }
        }
    }
    pattern[of..].iter().all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::is_like;

    #[test]
    fn a_pattern_is_the_whole_text() {
        for (text, pattern, is) in [
            ("", "", true),
            ("", "*", true),
            ("", "?", false),
            ("abc", "abc", true),
            ("abc", "a?c", true),
            ("abc", "ab", false),
            ("abc", "*b*", true),
            ("aXbXc", "a*b*c", true),
            ("aaab", "*ab", true),
            ("ababab", "*abab", true),
            ("äöü", "ä?ü", true),
            ("abc", "*d*", false),
            ("abc", "abc*", true),
        ] {
            assert_eq!(is_like(text, pattern), is, "{text:?} {pattern:?}");
        }
    }
}
