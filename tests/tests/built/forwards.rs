//! Whole families of types implement a contract beside its stub and its mock, as they could before bases were there.

use std::sync::Arc;

use plugin_contracts::plugin_contract;

/// What has a name.
#[plugin_contract(id = "test.titled", version = "1.0.0", unlocked, mock)]
pub trait Titled: Send + Sync {
    /// It.
    fn title(&self) -> String;
}

/// What has a number too.
#[plugin_contract(id = "test.paged", version = "1.0.0", unlocked, mock)]
pub trait Paged: Titled {
    /// It.
    fn page(&self) -> u64;
}

impl<T: Titled + ?Sized> Titled for Box<T> {
    fn title(&self) -> String {
        (**self).title()
    }
}

impl<T: Titled + ?Sized> Titled for Arc<T> {
    fn title(&self) -> String {
        (**self).title()
    }
}

impl<T: Titled + ?Sized> Titled for &T {
    fn title(&self) -> String {
        (**self).title()
    }
}

impl<T: Paged + ?Sized> Paged for Box<T> {
    fn page(&self) -> u64 {
        (**self).page()
    }
}

/// Whatever can be called.
#[plugin_contract(id = "test.asked", version = "1.0.0", unlocked)]
pub trait Asked {
    /// Calls it.
    fn ask(&self) -> u64;
}

impl<F: Fn() -> u64> Asked for F {
    fn ask(&self) -> u64 {
        self()
    }
}

#[test]
fn what_points_to_an_implementation_is_one() {
    fn title(titled: impl Titled) -> String {
        titled.title()
    }
    let mut mock = MockPaged::new();
    mock.base_mut::<MockTitled>().expect_title().times(2).return_const("mocked".to_owned());
    mock.expect_page().return_const(7u64);
    assert_eq!(title(&mock), "mocked");
    let boxed: Box<dyn Paged> = Box::new(mock);
    assert_eq!((title(&*boxed), Box::new(boxed).page()), ("mocked".to_owned(), 7));
    let mut mock = MockTitled::new();
    mock.expect_title().return_const("shared".to_owned());
    let shared: Arc<dyn Titled> = Arc::new(mock);
    assert_eq!((title(shared), (|| 3).ask()), ("shared".to_owned(), 3));
}
