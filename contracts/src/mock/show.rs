//! Values as they are shown: by `Debug`, cut short, and how two of them differ.
//!
//! In: values. Out: text of a bounded length, whatever is put in. It does not know expectations.

use std::fmt::{self, Debug, Write};

/// How many characters of a value are shown.
pub(super) const LONGEST: usize = 200;
/// How many are compared, where two differ.
pub(super) const COMPARED: usize = 1 << 16;

/// A value by its `Debug`. Formatting ends where the text does: a huge buffer costs no more than what is seen of it.
pub(super) fn debug(value: &dyn Debug, most: usize) -> String {
    let mut cut = Cut { text: String::new(), left: most };
    match write!(cut, "{value:?}") {
        Ok(()) => cut.text,
        Err(_) => cut.text + "…",
    }
}

/// The same, for generated code.
#[must_use]
pub fn show<T: Debug>(value: &T, most: usize) -> String {
    debug(value, most)
}

/// A text that takes so many characters and then refuses more.
struct Cut {
    text: String,
    left: usize,
}

impl Write for Cut {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        match text.char_indices().nth(self.left) {
            Some((end, _)) => {
                self.text += &text[..end];
                self.left = 0;
                Err(fmt::Error)
            }
            None => {
                self.left -= text.chars().count();
                self.text += text;
                Ok(())
            }
        }
    }
}

/// `[3 bytes] 01 02 03`
pub(super) fn bytes(bytes: &[u8], most: usize) -> String {
    let most = most / 12;
    let mut text = format!("[{} byte{}]", bytes.len(), if bytes.len() == 1 { "" } else { "s" });
    for byte in bytes.iter().take(most) {
        // Writing to a String cannot fail.
        let _ = write!(text, " {byte:02x}");
    }
    if bytes.len() > most {
        text += " …";
    }
    text
}

/// `<Entry>`, of what cannot be shown.
pub(super) fn opaque<T: ?Sized>() -> String {
    format!("<{}>", short_name::<T>())
}

/// `Option<Entry>` of `core::option::Option<my::Entry>`.
pub(super) fn short_name<T: ?Sized>() -> String {
    let mut text = String::new();
    let mut word = String::new();
    for letter in std::any::type_name::<T>().chars() {
        match letter {
            ':' => word.clear(),
            _ if letter.is_alphanumeric() || letter == '_' => word.push(letter),
            _ => {
                text += &word;
                word.clear();
                text.push(letter);
            }
        }
    }
    text + &word
}
