#include "CRE2.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstring>
#include <memory>

// RE2 itself throws nothing, but the library under it may run out of memory; no exception may cross
// into Swift.

struct CRE2Pattern {
    re2::RE2 re2;
    CRE2Pattern(re2::StringPiece pattern, const re2::RE2::Options &options) : re2(pattern, options) {}
};

static void say(const char *reason, char *error, size_t capacity) noexcept {
    if (capacity == 0) return;
    size_t length = std::min(std::strlen(reason), capacity - 1);
    std::memcpy(error, reason, length);
    error[length] = 0;
}

CRE2Pattern *CRE2Compile(const char *pattern, size_t length, int64_t memory, char *error,
                         size_t capacity) {
    try {
        re2::RE2::Options options;
        options.set_log_errors(false);
        options.set_never_capture(true);
        options.set_max_mem(memory);
        auto compiled = std::make_unique<CRE2Pattern>(re2::StringPiece(pattern ? pattern : "", length), options);
        if (!compiled->re2.ok()) {
            say(compiled->re2.error().c_str(), error, capacity);
            return nullptr;
        }
        return compiled.release();
    } catch (...) {
        say("out of memory", error, capacity);
        return nullptr;
    }
}

bool CRE2Matches(const CRE2Pattern *pattern, const char *text, size_t length, bool *failed) {
    try {
        return pattern->re2.Match(re2::StringPiece(text ? text : "", length), 0, length,
                                  re2::RE2::UNANCHORED, nullptr, 0);
    } catch (...) {
        *failed = true;
        return false;
    }
}

void CRE2Free(CRE2Pattern *pattern) { delete pattern; }
