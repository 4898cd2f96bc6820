//! What every explanation has in common: a title, a summary that stands alone, an example.

/// The first paragraph of an explanation.
pub(crate) fn summary(text: &str) -> &str {
    let text = text.split_once("\n\n").map_or("", |(_, text)| text);
    text.split_once("\n\n").map_or(text, |(first, _)| first).trim_end()
}

/// Holds that a page begins with its title and a summary that stands alone, shows one example and fits on a screen.
#[cfg(test)]
#[track_caller]
pub(crate) fn check(name: &str, title: &str, text: &str) {
    let heading = format!("# {name}: {title}\n\n");
    assert!(text.starts_with(&heading), "{name} does not begin with `{}`", heading.trim_end());
    let summary = summary(text);
    let sentences = summary.matches(". ").count() + summary.matches(".\n").count() + 1;
    assert!(summary.ends_with('.') && sentences <= 2, "{name}: no two sentences: {summary}");
    assert!(!summary.starts_with(['#', '|']) && !summary.contains("```"), "{name}: {summary}");
    let lines = text.lines().count();
    assert!((12..=30).contains(&lines), "{name} has {lines} lines");
    assert!(text.lines().all(|line| line.chars().count() <= 132), "{name} has a line that is too long");
    assert_eq!(text.matches("```").count(), 2, "{name} has no example, or several");
    assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{name} ends otherwise than a text");
}
