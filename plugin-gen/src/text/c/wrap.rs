//! Lines that are too long, broken where C allows it.
//!
//! In: a header. Out: the same header, in which a line ends before the margin if it has a comma or a semicolon that it can
//! be broken behind. It knows of C no more than texts, comments and lines that go on.

/// The last column.
const MARGIN: usize = 120;

pub(super) fn wrap(text: &str) -> String {
    let mut wrapped = String::with_capacity(text.len());
    // Whether the line before goes on in this one, and is a directive of the preprocessor.
    let mut goes_on = false;
    for line in text.lines() {
        let directive = goes_on || line.starts_with('#');
        goes_on = directive && line.ends_with('\\');
        one(line, directive, &mut wrapped);
    }
    wrapped
}

fn one(line: &str, directive: bool, wrapped: &mut String) {
    let trimmed = line.trim_start();
    let indent = line.len() - trimmed.len();
    let (begins, inside) = (trimmed.starts_with("/* "), trimmed.starts_with("* "));
    // Sentences have no brackets, and are broken between words.
    let sentence = (begins || inside) && !directive && !line.contains('(');
    let (next, end) = match (inside, directive) {
        _ if sentence => (format!("{}* ", " ".repeat(indent + usize::from(begins))), ""),
        (true, _) => (format!("{}*     ", &line[..indent]), ""),
        (false, true) => (" ".repeat(indent + 8), " \\"),
        (false, false) => (" ".repeat(indent + 8), ""),
    };
    let mut rest = line.to_owned();
    while rest.chars().count() > MARGIN {
        let place = if sentence { between_words } else { place };
        let Some(at) = place(&rest, next.len(), MARGIN - end.len()) else { break };
        wrapped.push_str(rest[..at].trim_end());
        wrapped.push_str(end);
        wrapped.push('\n');
        rest = format!("{next}{}", rest[at..].trim_start());
    }
    wrapped.push_str(&rest);
    wrapped.push('\n');
}

/// The last place before the margin that is between words.
fn between_words(line: &str, begin: usize, margin: usize) -> Option<usize> {
    let spaces = line.char_indices().enumerate().take(margin).filter(|(_, (_, letter))| *letter == ' ');
    spaces.filter(|(column, _)| *column > begin).map(|(_, (at, _))| at).last()
}

/// The last place before the margin, and behind what every line begins with, where a line may be broken: behind a comma or
/// a semicolon, else behind a bracket.
fn place(line: &str, begin: usize, margin: usize) -> Option<usize> {
    let (mut quoted, mut escaped, mut last, mut bracket) = (false, false, None, None);
    let mut before = ' ';
    for (column, (at, letter)) in line.char_indices().enumerate() {
        if column >= margin {
            break;
        }
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ' ' if !quoted && column > begin && ",;".contains(before) => last = Some(at),
            '(' if !quoted && column > begin => bracket = Some(at + 1),
            _ => {}
        }
        before = letter;
    }
    last.or(bracket)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_broken_behind_a_bracket_where_there_is_no_comma() {
        let broken = wrap(&format!("static inline {} function(int last);\n", "long_".repeat(18)));
        assert_eq!(broken.lines().nth(1), Some("        int last);"), "{broken}");
    }

    #[test]
    fn a_long_line_is_broken_outside_of_texts_and_a_directive_goes_on() {
        let arguments = "size_t some_number, ".repeat(8);
        let broken = wrap(&format!("void function({arguments}int last);\n"));
        assert!(broken.lines().all(|line| line.len() <= MARGIN), "{broken}");
        assert!(broken.lines().nth(1).is_some_and(|line| line.starts_with("        size_t")), "{broken}");
        let directive = wrap(&format!("#define MACRO \\\n    ({arguments}last)\n"));
        assert_eq!(directive.lines().filter(|line| line.ends_with(" \\")).count(), 2, "{directive}");
        let text = format!("    \"{arguments}\" \\\n");
        assert_eq!(wrap(&text), text);
        let comment = wrap(&format!("/* Said:\n * void function({arguments}int last);\n */\n"));
        assert!(comment.contains(",\n *     size_t some_number"), "{comment}");
        let sentence =
            wrap(&format!("    /* {}is here.\n     * And this. */\n", "what is_there ".repeat(12)));
        assert!(sentence.lines().nth(1).is_some_and(|line| line.starts_with("     * what is")), "{sentence}");
    }
}
