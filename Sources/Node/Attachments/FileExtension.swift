/// The extension that another program gets to see, by the media type that a case tells.
///
/// Only of kinds that are looked at: what could be run, or holds programs, gets none. Nothing of the
/// name in the case is used.
enum FileExtension {
    private static let known = [
        "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp",
        "image/tiff": "tiff", "image/heic": "heic", "application/pdf": "pdf",
        "text/plain": "txt", "text/csv": "csv", "text/html": "txt", "text/markdown": "txt",
        "application/json": "json", "audio/mpeg": "mp3", "audio/wav": "wav", "audio/ogg": "ogg",
        "video/mp4": "mp4", "video/webm": "webm",
    ]

    /// Parameters such as `charset` do not count.
    static func of(_ mediaType: String?) -> String? {
        let type = mediaType?.prefix { $0 != ";" }.lowercased().filter { !$0.isWhitespace }
        return type.flatMap { known[$0] }
    }
}
