//! Types that share name, module, line and column are still different types: a macro of the user's prints them so.

use plugin_abi::describe::Receiver;
use plugin_contracts::{PluginType, plugin_contract};
use plugin_host::{Contract, Plugin};

/// Something that is known by an id.
pub trait Entity {
    /// The id's type.
    type Id;
}

macro_rules! entities {
    ($($entity:ident: $id:ty),*) => {$(
        #[doc = "An entity."]
        pub struct $entity;

        const _: () = {
            #[doc = "Its id."]
            #[derive(Debug, Clone, PartialEq, PluginType)]
            pub struct Id(pub $id);

            impl Entity for $entity {
                type Id = Id;
            }

            impl From<$id> for Id {
                fn from(id: $id) -> Self {
                    Self(id)
                }
            }
        };
    )*};
}

entities! { User: u64, Order: String }

/// Two ids of one name.
pub type UserId = <User as Entity>::Id;
/// The other.
pub type OrderId = <Order as Entity>::Id;

/// Both in one signature.
#[plugin_contract(id = "test.shop", version = "1.0.0", unlocked)]
pub trait Shop {
    /// Both ids.
    fn show(&self, user: UserId, order: OrderId) -> String;
    /// The same id twice.
    fn twice(&self, user: UserId, again: UserId) -> u64;
}

struct Plain;

impl Shop for Plain {
    fn show(&self, user: UserId, order: OrderId) -> String {
        format!("{} {}", user.0, order.0)
    }

    fn twice(&self, user: UserId, again: UserId) -> u64 {
        user.0 + again.0
    }
}

#[test]
fn types_that_a_macro_printed_at_one_place_are_told_apart() {
    let [show, twice] = <dyn Shop as Contract>::DESC.methods else { panic!("two methods") };
    assert_eq!(show.shape.receiver, Receiver::Shared);
    let id = |at: usize| show.shape.args[at].ty.get().id;
    assert_ne!(id(0), id(1));
    assert_eq!(twice.shape.args[0].ty.get().id, twice.shape.args[1].ty.get().id);
    let shop = Plugin::<dyn Shop>::linked(Plain);
    assert_eq!(shop.show(7.into(), "seven".to_owned().into()), "7 seven");
    assert_eq!(shop.twice(1.into(), 2.into()), 3);
}

macro_rules! contract {
    ($name:ident { $($body:tt)* }) => {
        /// A contract that a macro wrote, with names that are Rust's own words.
        #[plugin_contract(id = "test.written", version = "1.0.0", unlocked, mock)]
        pub trait $name {
            $($body)*
        }
    };
}

contract! { Written {
    /// A word of the language, with a default body that asks the object.
    fn r#type(&self) -> u64 {
        self.r#move(20) + 1
    }

    /// Another, without.
    fn r#move(&self, r#in: u64) -> u64;
} }

#[test]
fn a_contract_may_be_written_by_a_macro_and_named_with_the_languages_words() {
    let mut mock = MockWritten::new();
    mock.expect_move().returning(|given| given * 2);
    assert_eq!(mock.r#type(), 41);
}
