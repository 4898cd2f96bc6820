//! The little of TOML that a lock file is made of.
//!
//! A reader of its own, because this is compiled under every contract: strings, numbers, `true`, one-line tables and
//! lists of strings; nothing escaped but `\"` and `\\`. Whatever else a person or a merge wrote is an error with a line.

use super::LockError;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Number(u128),
    True,
    Table(Vec<(String, Value)>),
    List(Vec<String>),
}

/// A line: `[a.b]`, `[[a]]`, or `a.b = value`.
#[derive(Debug)]
pub(super) enum Line {
    Section(Vec<String>),
    Item(String),
    Pair(Vec<String>, Value),
}

/// Reads one line that is neither empty nor a comment.
pub(super) fn line(text: &str, number: usize) -> Result<Line, LockError> {
    if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|marker| text.starts_with(marker)) {
        return Err(LockError::Conflict { line: number });
    }
    let mut cursor = Cursor { rest: text, number };
    let line = if cursor.eat("[[") {
        let name = cursor.key()?;
        cursor.expect("]]")?;
        Line::Item(name)
    } else if cursor.eat("[") {
        let path = cursor.path()?;
        cursor.expect("]")?;
        Line::Section(path)
    } else {
        let path = cursor.path()?;
        cursor.expect(" = ")?;
        Line::Pair(path, cursor.value(0)?)
    };
    if cursor.rest.is_empty() { Ok(line) } else { Err(cursor.wrong("the end of the line")) }
}

/// How deep tables stand in tables: a method's, and what its names stand for. A file that goes on is not ours.
const DEEPEST: u8 = 2;

struct Cursor<'a> {
    rest: &'a str,
    number: usize,
}

impl Cursor<'_> {
    fn wrong(&self, expected: &'static str) -> LockError {
        LockError::Syntax { line: self.number, expected, found: self.rest.chars().take(24).collect() }
    }

    fn eat(&mut self, token: &str) -> bool {
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, token: &'static str) -> Result<(), LockError> {
        if self.eat(token) { Ok(()) } else { Err(self.wrong(token)) }
    }

    fn path(&mut self) -> Result<Vec<String>, LockError> {
        let mut path = vec![self.key()?];
        while self.eat(".") {
            path.push(self.key()?);
        }
        Ok(path)
    }

    fn key(&mut self) -> Result<String, LockError> {
        if self.rest.starts_with('"') {
            return self.text();
        }
        let end = self
            .rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'))
            .unwrap_or(self.rest.len());
        if end == 0 {
            return Err(self.wrong("a key"));
        }
        let (key, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(key.to_owned())
    }

    fn text(&mut self) -> Result<String, LockError> {
        let mut text = String::new();
        let mut letters = self.rest.char_indices().skip(1);
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Ok(text);
                }
                '\\' => match letters.next() {
                    Some((_, escaped @ ('"' | '\\'))) => text.push(escaped),
                    _ => return Err(self.wrong("`\\\"` or `\\\\` after a backslash")),
                },
                letter if letter.is_control() => return Err(self.wrong("a text without control characters")),
                letter => text.push(letter),
            }
        }
        Err(self.wrong("a closing quote"))
    }

    fn value(&mut self, depth: u8) -> Result<Value, LockError> {
        if self.rest.starts_with('"') {
            return self.text().map(Value::Text);
        }
        if self.eat("true") {
            return Ok(Value::True);
        }
        if depth < DEEPEST && self.eat("{ ") {
            let mut pairs = Vec::new();
            loop {
                let key = self.key()?;
                self.expect(" = ")?;
                pairs.push((key, self.value(depth + 1)?));
                if !self.eat(", ") {
                    break;
                }
            }
            self.expect(" }")?;
            return Ok(Value::Table(pairs));
        }
        if self.eat("[") {
            let mut items = Vec::new();
            loop {
                if !self.rest.starts_with('"') {
                    return Err(self.wrong("a text"));
                }
                items.push(self.text()?);
                if !self.eat(", ") {
                    break;
                }
            }
            self.expect("]")?;
            return Ok(Value::List(items));
        }
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        let number = digits.parse().map_err(|_| self.wrong("a value"))?;
        self.rest = rest;
        Ok(Value::Number(number))
    }
}

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A key, in quotes where it needs them.
pub(super) fn key(text: &str) -> String {
    let bare = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if bare { text.to_owned() } else { quoted(text) }
}
