//! Texts that are written in consts, the names of generic types' instances above all: `Page<Item>`.
//!
//! In: a name, and the descriptors of what it was instantiated with. Out: a text, the same that `note::Shown` prints of a
//! record. It does not know which type it is about.

use crate::describe::{Kind, Member, TypeDesc, TypeRef, same_text};

/// How long such a text may be, in bytes.
const MOST: usize = 1024;

/// A text, piece by piece.
pub struct Written {
    bytes: [u8; MOST],
    len: usize,
}

impl Written {
    pub(crate) const fn new() -> Self {
        Self { bytes: [0; MOST], len: 0 }
    }

    /// These pieces.
    #[must_use]
    pub const fn of(pieces: &[&str]) -> Self {
        let mut written = Self::new();
        let mut at = 0;
        while at < pieces.len() {
            written.put(pieces[at]);
            at += 1;
        }
        written
    }

    /// Whether nothing was written.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The text.
    #[must_use]
    pub const fn text(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => panic!("pieces are written whole"),
        }
    }

    pub(crate) const fn put(&mut self, text: &str) {
        let text = text.as_bytes();
        let mut at = 0;
        while at < text.len() {
            assert!(self.len < MOST, "the name of a generic type's instance has more than 1024 bytes");
            self.bytes[self.len] = text[at];
            self.len += 1;
            at += 1;
        }
    }
}

/// A name of a generic type's instance.
pub struct InstanceName(Written);

impl InstanceName {
    /// `Page<Item>` of `Page` and `Item`.
    #[must_use]
    pub const fn of(name: &str, arguments: &[TypeRef]) -> Self {
        let mut written = Self(Written::new());
        written.put(name);
        written.put("<");
        let mut at = 0;
        while at < arguments.len() {
            written.put(if at == 0 { "" } else { ", " });
            written.ty(arguments[at]);
            at += 1;
        }
        written.put(">");
        written
    }

    /// The text.
    #[must_use]
    pub const fn text(&self) -> &str {
        self.0.text()
    }

    const fn put(&mut self, text: &str) {
        self.0.put(text);
    }

    const fn ty(&mut self, ty: TypeRef) {
        let desc = ty.get();
        let members = desc.members;
        match desc.kind {
            Kind::Scalar
            | Kind::String
            | Kind::Struct
            | Kind::Plain
            | Kind::Enum
            | Kind::Open
            | Kind::Sized
            | Kind::Std
            | Kind::Sink => self.put(desc.name),
            Kind::Str => self.put("&str"),
            Kind::Slice => self.list("&[", members, "]"),
            Kind::SliceMut => self.list("&mut [", members, "]"),
            Kind::Tuple => self.list("(", members, ")"),
            Kind::Vec
            | Kind::Option
            | Kind::Result
            | Kind::Box
            | Kind::Map
            | Kind::Set
            | Kind::Arc
            | Kind::Stream => {
                self.put(desc.name);
                self.list("<", members, ">");
            }
            Kind::Array => {
                self.list("[", members, "; ");
                self.put(desc.name);
                self.put("]");
            }
            Kind::Object => {
                self.put("dyn ");
                self.put(desc.name);
            }
            Kind::Reference => {
                self.put(desc.name);
                let lent = members[0].ty.get();
                if matches!(lent.kind, Kind::Function) && !bounds(lent).is_empty() {
                    self.list("(", members, ")");
                } else {
                    self.list("", members, "");
                }
            }
            Kind::Function => self.function(desc),
            Kind::Future => self.bounded("Pin<Box<dyn ", desc, "<Output = ", ">>"),
            Kind::Iterator => self.bounded("Box<dyn ", desc, "<Item = ", ">"),
        }
    }

    const fn list(&mut self, open: &str, members: &[Member], close: &str) {
        self.put(open);
        let mut at = 0;
        while at < members.len() {
            self.put(if at == 0 { "" } else { ", " });
            self.ty(members[at].ty);
            at += 1;
        }
        self.put(close);
    }

    /// `dyn Fn(A, B) -> R + Send`
    const fn function(&mut self, desc: &TypeDesc) {
        self.put("dyn ");
        self.put(head(desc));
        let (args, ret) = desc.members.split_at(desc.members.len() - 1);
        self.list("(", args, ")");
        if !same_text(ret[0].ty.get().name, "()") {
            self.list(" -> ", ret, "");
        }
        self.put(bounds(desc));
    }

    /// `Box<dyn Iterator<Item = T> + Send>`
    const fn bounded(&mut self, open: &str, desc: &TypeDesc, of: &str, close: &str) {
        self.put(open);
        self.put(head(desc));
        self.list(of, desc.members, ">");
        self.put(bounds(desc));
        self.put(close);
    }
}

/// `Fn` of `Fn + Send`.
const fn head(desc: &TypeDesc) -> &'static str {
    desc.name.split_at(end_of_head(desc)).0
}

/// ` + Send` of it.
const fn bounds(desc: &TypeDesc) -> &'static str {
    desc.name.split_at(end_of_head(desc)).1
}

const fn end_of_head(desc: &TypeDesc) -> usize {
    let name = desc.name.as_bytes();
    let mut at = 0;
    while at < name.len() && name[at] != b' ' {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use alloc::boxed::Box;
    use alloc::collections::BTreeMap;
    use alloc::string::String;
    use alloc::vec::Vec;

    use super::InstanceName;
    use crate::{PluginType, shows_as};

    #[test]
    fn an_argument_is_written_as_it_is_read() {
        fn written<T: PluginType>() -> String {
            let name = InstanceName::of("", &[T::DESC]);
            let text = name.text().strip_prefix('<').and_then(|text| text.strip_suffix('>'));
            let text = text.expect("it stands in brackets");
            assert!(shows_as(T::DESC, text), "{text}");
            text.into()
        }
        assert_eq!(written::<Vec<Option<u8>>>(), "Vec<Option<u8>>");
        assert_eq!(written::<BTreeMap<String, (bool, char)>>(), "BTreeMap<String, (bool, char)>");
        assert_eq!(written::<Result<[u16; 12], Box<()>>>(), "Result<[u16; 12], Box<()>>");
        assert_eq!(written::<&str>(), "&str");
        assert_eq!(written::<&mut [u8]>(), "&mut [u8]");
        assert_eq!(written::<core::time::Duration>(), "Duration");
    }

    #[test]
    fn arguments_stand_between_commas() {
        let name = InstanceName::of("Pair", &[u8::DESC, String::DESC]);
        assert_eq!(name.text(), "Pair<u8, String>");
    }
}
