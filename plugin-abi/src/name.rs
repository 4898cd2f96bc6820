//! Every name that crosses a boundary, made in one place, and the number that they and all else have together.
//!
//! In: nothing. Out: section names, note owners, symbol names, the revision. It does not know who looks them up.

/// The revision of everything in this crate that crosses. A host and a plugin of different revisions refuse each other.
pub const REVISION: u32 = 3;

/// The ELF section that carries contract records; the linker puts it into a `PT_NOTE` segment.
///
/// Source: System V ABI, "Note Section".
pub const NOTE_SECTION: &str = ".note.plugin_contract";

/// The section in which a contract's crate says what it declares, for those who read the crate: no note, so that linkers leave it out
/// of plugins, which say by themselves what they export.
pub const DECLARED_SECTION: &str = ".plugin_contract";

/// The owner of our ELF notes, with the terminating NUL that the format asks for.
pub const NOTE_OWNER: [u8; 7] = *b"Plugin\0";

/// The lock file beside a contract package's manifest.
pub const LOCK_FILE: &str = "plugin-contract.lock";

/// The environment variable that tells the macro to leave the lock comparison out, so that code that
/// drifted can still be described.
pub const DESCRIBE_VAR: &str = "PLUGIN_GEN_DESCRIBE";

/// How every entry symbol begins: `__plugin_` and the crate's name, as in `__plugin_memory`.
///
/// The crate's name keeps two plugin rlibs linkable into one binary. The note names the symbol, so a
/// host never has to guess it.
pub const ENTRY_PREFIX: &str = "__plugin_";

/// How the symbol of a mock's control begins: `__mock_plugin_` and the crate's name, as in `__mock_plugin_mock_acme_store`.
///
/// Whoever finds it in a library knows that the library is for tests.
pub const MOCK_PREFIX: &str = "__mock_plugin_";

/// What stands behind a method's name in the name of its [direct row](crate::describe::MethodDesc::direct). No method's name has it.
pub const DIRECT: &str = "!";

/// Whether two texts are equal, for consts (`==` is no const fn).
pub(crate) const fn same_text(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut same = one.len() == other.len();
    let mut at = 0;
    while same && at < one.len() {
        same = one[at] == other[at];
        at += 1;
    }
    same
}
