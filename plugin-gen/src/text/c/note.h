/* ------------------------------------------------------------------------------------------------------------------
 * The note (ELF, "Note Section"): owner, kind 2, and a record of package, version, compiler, target, symbol, types and
 * contracts. The assembler counts the lengths.
 */

#if defined(__clang__)
#define @P@_COMPILER __VERSION__
#define @P@_NOTE_BEGIN \
    _Pragma("clang diagnostic push") _Pragma("clang diagnostic ignored \"-Woverlength-strings\"")
#define @P@_NOTE_END _Pragma("clang diagnostic pop")
#else
#define @P@_COMPILER "gcc " __VERSION__
#define @P@_NOTE_BEGIN
#define @P@_NOTE_END
#endif

#if defined(__x86_64__)
#define @P@_MACHINE "x86_64"
#elif defined(__aarch64__)
#define @P@_MACHINE "aarch64"
#elif defined(__riscv)
#define @P@_MACHINE "riscv64gc"
#else
#define @P@_MACHINE "unknown"
#endif

#if defined(__GLIBC__)
#define @P@_TARGET @P@_MACHINE "-unknown-linux-gnu"
#else
#define @P@_TARGET @P@_MACHINE "-unknown-linux-musl"
#endif

#ifdef NDEBUG
#define @P@_NOTE_FLAGS "1"
#else
#define @P@_NOTE_FLAGS "9"
#endif

/* A text: its length and itself. */
#define @P@_NOTE_TEXT(text) ".long 2f - 1f\n1: .ascii \"" text "\"\n2:\n"

#define @P@_NOTE(package, version, symbol) \
    @P@_NOTE_BEGIN \
    __asm__( \
        ".pushsection @section@,\"a\",%note\n.balign 4\n" \
        ".long 7, 9f - 7f, 2\n.ascii \"Plugin\\0\\0\"\n" \
        "7: .ascii \"PLGNOTE\\0\"\n.short @note_revision@, " @P@_NOTE_FLAGS "\n.long 9f - 8f\n8:\n" \
        @P@_NOTE_TEXT(package) @P@_NOTE_TEXT(version) @P@_NOTE_TEXT(@P@_COMPILER) \
        @P@_NOTE_TEXT(@P@_TARGET) @P@_NOTE_TEXT(symbol) \
@content@
        "9: .balign 4\n.popsection\n"); \
    @P@_NOTE_END

