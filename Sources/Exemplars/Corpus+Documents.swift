extension Corpus {
    /// Hands over each document in turn; those that are too long to read are passed over.
    ///
    /// - Parameter limit: bytes of text after which no further document is read.
    /// - Throws: ``ExemplarError/badDocument(path:offset:reason:)``.
    public func forEachDocument(
        limit: Int = .max, _ body: (String) -> Void
    ) throws(ExemplarError) {
        var reader = CorpusReader(self)
        var taken = 0
        while taken < limit, let document = try reader.next() {
            taken += document.byteCount
            if let text = document.text { body(text) }
        }
    }
}
