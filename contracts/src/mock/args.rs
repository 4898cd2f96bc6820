//! All arguments of a call together: a tuple of forms.
//!
//! In: the forms of a method's arguments, up to 16. Out: what an expectation needs of them, and the functions of an expectation
//! that take a predicate an argument or a closure of them. It does not know what becomes of a call.

use std::any::Any;
use std::fmt::Debug;
use std::marker::PhantomData;

use super::expectation::{Expectation, Matcher, Matches, Reads};
use super::predicate::Predicate;
use super::report::Compared;
use super::slot::not_its_own;
use super::tape::{self, Answered, Document, NoJson};
use super::value::{Outcome, Value};
use super::{differ, show};

/// The arguments of a method.
pub trait Args: 'static {
    /// As they are passed.
    type Of<'a>;
    /// As the log keeps them.
    type Kept: Clone + Debug + Send + 'static;

    /// What the log keeps.
    #[doc(hidden)]
    fn keep(args: &Self::Of<'_>) -> Self::Kept;
    /// Each as it is shown.
    #[doc(hidden)]
    fn show(args: &Self::Of<'_>) -> Vec<String>;
    /// All, by their names, as a recording has them.
    #[doc(hidden)]
    fn document(names: &[&str], args: &Self::Of<'_>) -> Document;
    /// Puts there what was written to arguments, by their names.
    #[doc(hidden)]
    #[allow(clippy::missing_errors_doc, reason = "it is for generated code")]
    fn rewrite(names: &[&str], args: &mut Self::Of<'_>, written: &Answered) -> Result<(), NoJson>;
    /// Each as the log shows it.
    #[doc(hidden)]
    fn show_kept(kept: &Self::Kept) -> Vec<String>;
}

/// What is passed to a method, whatever it is. Nobody asks this of a call that is expected.
pub(super) trait Asked {
    /// Whether an expectation of the method is about it, of which this is the [`Matcher`].
    fn admitted_by(&self, matcher: &dyn Any) -> bool;
    /// How the predicates read beside it.
    fn compare(&self, matcher: &dyn Any) -> Vec<Compared>;
    fn show(&self) -> Vec<String>;
    #[cfg(feature = "record")]
    fn document(&self, names: &[&str]) -> Document;
    #[cfg(not(feature = "record"))]
    fn document(&self, names: &[&str]) -> Document {
        tape::args(names, Vec::new())
    }
}

/// The arguments of a call.
pub(super) struct Passed<'x, 'a, A: Args>(pub(super) &'x A::Of<'a>);

/// What an expectation of the same method says of arguments.
fn of<A: Args>(matcher: &dyn Any) -> Option<&dyn Matches<A>> {
    let Some(matcher) = matcher.downcast_ref::<Matcher<A>>() else { not_its_own() };
    match matcher {
        Some(matcher) => Some(&**matcher),
        None => None,
    }
}

impl<A: Args> Asked for Passed<'_, '_, A> {
    fn admitted_by(&self, matcher: &dyn Any) -> bool {
        match of::<A>(matcher) {
            Some(matcher) => matcher.admits(self.0),
            None => true,
        }
    }

    fn compare(&self, matcher: &dyn Any) -> Vec<Compared> {
        match of::<A>(matcher) {
            Some(matcher) => matcher.compare(self.0),
            None => Vec::new(),
        }
    }

    fn show(&self) -> Vec<String> {
        A::show(self.0)
    }

    #[cfg(feature = "record")]
    fn document(&self, names: &[&str]) -> Document {
        A::document(names, self.0)
    }
}

/// A predicate an argument.
struct Each<A, P>(P, PhantomData<fn(A)>);

fn read<V: Value>(test: &dyn Predicate<V::Seen>) -> String {
    test.describe(&|seen| V::show(seen, show::LONGEST))
}

fn compared<V: Value>(test: &dyn Predicate<V::Seen>, value: &V::Of<'_>) -> Compared {
    let predicate = read::<V>(test);
    V::see(value, |seen| {
        let got = |most| V::show(seen, most);
        if test.matches(seen) {
            return Compared::ok(predicate);
        }
        let wanted = test.wanted().map(|wanted| V::show(wanted, show::COMPARED));
        match wanted.and_then(|wanted| differ::parted(&wanted, &got(show::COMPARED))) {
            Some(parted) => Compared::parted(predicate, parted),
            None => Compared::other(predicate, &got(show::LONGEST)),
        }
    })
}

/// Lends every argument, one in the other, and then calls.
macro_rules! seen {
    ($call:expr;) => { $call };
    ($call:expr; $form:ident $arg:ident $(, $forms:ident $args:ident)*) => {
        $form::see($arg, |$arg| seen!($call; $($forms $args),*))
    };
}

macro_rules! args {
    ($($form:ident $predicate:ident $arg:ident),*) => {
        #[allow(non_snake_case, unused_variables, clippy::unused_unit, reason = "one text for every number of arguments")]
        impl<$($form: Value),*> Args for ($($form,)*) {
            type Of<'a> = ($($form::Of<'a>,)*);
            type Kept = ($($form::Kept,)*);

            fn keep(($($arg,)*): &Self::Of<'_>) -> Self::Kept {
                ($($form::keep($arg),)*)
            }

            fn show(($($arg,)*): &Self::Of<'_>) -> Vec<String> {
                vec![$($form::see($arg, |seen| $form::show(seen, show::LONGEST))),*]
            }

            fn document(names: &[&str], ($($arg,)*): &Self::Of<'_>) -> Document {
                tape::args(names, vec![$($form::write($arg)),*])
            }

            #[allow(unused_mut, reason = "as above")]
            fn rewrite(names: &[&str], ($($arg,)*): &mut Self::Of<'_>, written: &Answered) -> Result<(), NoJson> {
                let mut names = names.iter();
                $(tape::part(written, names.next(), |written| $form::rewrite($arg, written))?;)*
                Ok(())
            }

            fn show_kept(($($arg,)*): &Self::Kept) -> Vec<String> {
                vec![$(show::debug($arg, show::LONGEST)),*]
            }
        }

        #[allow(non_snake_case, unused_variables, reason = "one text for every number of arguments")]
        impl<$($form: Value, $predicate: Predicate<$form::Seen>),*> Matches<($($form,)*)>
            for Each<($($form,)*), ($($predicate,)*)>
        {
            fn admits(&self, ($($arg,)*): &<($($form,)*) as Args>::Of<'_>) -> bool {
                let Self(($($predicate,)*), _) = self;
                true $(&& $form::see($arg, |seen| $predicate.matches(seen)))*
            }

            fn compare(&self, ($($arg,)*): &<($($form,)*) as Args>::Of<'_>) -> Vec<Compared> {
                let Self(($($predicate,)*), _) = self;
                vec![$(compared::<$form>($predicate, $arg)),*]
            }
        }

        #[allow(non_snake_case, reason = "one text for every number of arguments")]
        impl<$($form: Value, $predicate: Predicate<$form::Seen>),*> Reads for Each<($($form,)*), ($($predicate,)*)> {
            fn read(&self) -> Vec<Compared> {
                let Self(($($predicate,)*), _) = self;
                vec![$(Compared::unasked(read::<$form>($predicate))),*]
            }
        }

        #[allow(non_snake_case, clippy::too_many_arguments, reason = "one text for every number of arguments")]
        impl<$($form: Value,)* R: Outcome> Expectation<($($form,)*), R> {
            /// Admits only calls whose arguments satisfy these predicates, one an argument, in order. Of closures and
            /// objects among the arguments only `always()` can be said.
            pub fn with(&mut self $(, $predicate: impl Predicate<$form::Seen> + 'static)*) -> &mut Self {
                self.matching(Box::new(Each(($($predicate,)*), PhantomData)))
            }

            /// Admits only calls for whose arguments this returns true.
            pub fn withf(&mut self, holds: impl Fn($(&$form::Seen),*) -> bool + Send + Sync + 'static) -> &mut Self {
                self.matching_whole(move |($($arg,)*)| seen!(holds($($arg),*); $($form $arg),*))
            }

            /// What a call returns. The closure is called by one thread at a time, and nothing of the mock is locked
            /// meanwhile: it may call the mock.
            pub fn returning(
                &mut self,
                mut result: impl FnMut($($form::Of<'_>),*) -> R::Of<'static> + Send + 'static,
            ) -> &mut Self {
                self.run(Box::new(move |($($arg,)*)| Some(result($($arg),*))))
            }

            /// The same, for a closure that stays on this thread. A call on any other thread panics.
            pub fn returning_st(
                &mut self,
                mut result: impl FnMut($($form::Of<'_>),*) -> R::Of<'static> + 'static,
            ) -> &mut Self {
                self.run_here(Box::new(move |($($arg,)*)| Some(result($($arg),*))))
            }

            /// What the one call returns that this expectation admits.
            pub fn return_once(
                &mut self,
                result: impl FnOnce($($form::Of<'_>),*) -> R::Of<'static> + Send + 'static,
            ) -> &mut Self {
                let mut result = Some(result);
                self.run(Box::new(move |($($arg,)*)| Some(result.take()?($($arg),*))))
            }

            /// The same, for a closure that stays on this thread. A call on any other thread panics.
            pub fn return_once_st(
                &mut self,
                result: impl FnOnce($($form::Of<'_>),*) -> R::Of<'static> + 'static,
            ) -> &mut Self {
                let mut result = Some(result);
                self.run_here(Box::new(move |($($arg,)*)| Some(result.take()?($($arg),*))))
            }
        }
    };
}

args!();
args!(A P1 a);
args!(A P1 a, B P2 b);
args!(A P1 a, B P2 b, C P3 c);
args!(A P1 a, B P2 b, C P3 c, D P4 d);
args!(A P1 a, B P2 b, C P3 c, D P4 d, E P5 e);
args!(A P1 a, B P2 b, C P3 c, D P4 d, E P5 e, F P6 f);
args!(A P1 a, B P2 b, C P3 c, D P4 d, E P5 e, F P6 f, G P7 g);
args!(A P1 a, B P2 b, C P3 c, D P4 d, E P5 e, F P6 f, G P7 g, H P8 h);
args!(A P1 a, B P2 b, C P3 c, D P4 d, E P5 e, F P6 f, G P7 g, H P8 h, I P9 i);
args!(A P1 a, B P2 b, C P3 c, D P4 d, E P5 e, F P6 f, G P7 g, H P8 h, I P9 i, J P10 j);
args!(A P1 a, B P2 b, C P3 c, D P4 d, E P5 e, F P6 f, G P7 g, H P8 h, I P9 i, J P10 j, K P11 k);
args!(A P1 a, B P2 b, C P3 c, D P4 d, E P5 e, F P6 f, G P7 g, H P8 h, I P9 i, J P10 j, K P11 k, L P12 l);
