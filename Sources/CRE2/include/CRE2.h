#ifndef COUNTERSIGN_CRE2_H
#define COUNTERSIGN_CRE2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled pattern. Matching does not change it, so threads may share one.
typedef struct CRE2Pattern CRE2Pattern;

/// Compiles a pattern in RE2 syntax over UTF-8, in at most `memory` bytes.
///
/// An empty pattern or text may be NULL. On failure returns NULL, with the reason in `error`, cut to `capacity` bytes and ended by a zero.
CRE2Pattern *_Nullable CRE2Compile(const char *_Nullable pattern, size_t length, int64_t memory,
                                   char *_Nonnull error, size_t capacity);

/// Whether the pattern matches anywhere in the text, in time linear in it.
///
/// Text for which there was no memory counts as `failed`, which is set and never cleared.
bool CRE2Matches(const CRE2Pattern *_Nonnull pattern, const char *_Nullable text, size_t length,
                 bool *_Nonnull failed);

void CRE2Free(CRE2Pattern *_Nonnull pattern);

#ifdef __cplusplus
}
#endif
#endif
