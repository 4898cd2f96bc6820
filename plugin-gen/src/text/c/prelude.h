#ifndef @P@_H
#define @P@_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if UINTPTR_MAX != UINT64_MAX || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "this header was generated for 64-bit little-endian targets"
#endif

#ifdef __cplusplus
#if __cplusplus < 201703L
#error "this header needs C++17: -std=c++17"
#endif
#include <exception>
#include <string_view>
#include <type_traits>
#define @P@_C extern "C"
#define @P@_NOEXCEPT noexcept
#define @P@_LAYOUT(type, size, align) \
    static_assert(sizeof(type) == (size) && alignof(type) == (align), #type " has another size here")
#define @P@_OFFSET(type, member, at) \
    static_assert(offsetof(type, member) == (at), #type "." #member " lies elsewhere here")
#else
#define @P@_C extern
#define @P@_NOEXCEPT
#define @P@_LAYOUT(type, size, align) \
    _Static_assert(sizeof(type) == (size) && _Alignof(type) == (align), #type " has another size here")
#define @P@_OFFSET(type, member, at) \
    _Static_assert(offsetof(type, member) == (at), #type "." #member " lies elsewhere here")
#endif

/* ------------------------------------------------------------------------------------------------------------------
 * What every call is made of
 */

/* How a call ended. */
typedef uint32_t @p@_status;
#define @P@_STATUS_OK UINT32_C(0)          /* the result was written */
#define @P@_STATUS_ERROR UINT32_C(1)       /* the method did not run; a text was written */
#define @P@_STATUS_PANICKED UINT32_C(2)    /* the method failed; a text was written; the object is not used again */
#define @P@_STATUS_UNSUPPORTED UINT32_C(3) /* there is no such method; nothing was written */
#define @P@_STATUS_PASSED UINT32_C(5)      /* what the method called of another side failed; a text was written */

/* What methods and closures return to the other side: how it ended, and the result when that has no more bytes than
 * the word, from the lowest address on. Any other result, and every text, lies behind the out pointer. What is
 * generated here puts it there, and takes it from there. */
typedef struct @p@_answer {
    uint64_t word;
    @p@_status status;
} @p@_answer;

static inline @p@_answer @p@_plugin_answer(@p@_status status, const void *result, size_t size) {
    @p@_answer answer = {0, status};
    if (status == @P@_STATUS_OK && size <= sizeof answer.word) memcpy(&answer.word, result, size);
    return answer;
}

static inline @p@_status @p@_plugin_taken(@p@_answer answer, void *result, size_t size) {
    if (answer.status == @P@_STATUS_OK && size <= sizeof answer.word) memcpy(result, &answer.word, size);
    return answer.status;
}

/* Tags of Option and Result. */
#define @P@_NONE UINT32_C(0)
#define @P@_SOME UINT32_C(1)
#define @P@_OK UINT32_C(0)
#define @P@_ERR UINT32_C(1)

typedef uint8_t @p@_bool;  /* bool: 0 or 1 */
typedef uint32_t @p@_char; /* char: a Unicode scalar value */
typedef uint8_t @p@_unit;  /* (): a byte that means nothing */

/* &str: UTF-8, lent for the call. Not terminated: it has a length. */
typedef struct @p@_str {
    const char *ptr;
    size_t len;
} @p@_str;

/* String: UTF-8, owned. `free` belongs to the side that allocated it, and is called once with `ptr` and `cap`. */
typedef struct @p@_string {
    char *ptr;
    size_t len;
    size_t cap;
    void (*free)(void *ptr, size_t cap);
} @p@_string;

