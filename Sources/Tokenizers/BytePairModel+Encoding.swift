extension BytePairModel {
    /// Appends the tokens of a piece.
    ///
    /// - Parameter isByteLevel: whether the bytes stand for characters of the byte alphabet; only
    ///   if the model ``takesBytes``.
    /// - Complexity: O(n log n) in the piece's length.
    func encode(
        _ text: UnsafeBufferPointer<UInt8>, isByteLevel: Bool, to tokens: inout [ModelToken]
    ) throws(TokenizerError) {
        if ignoresMerges, let id = isByteLevel ? spelled[text] : vocabulary.table[text] {
            tokens.append(ModelToken(id: id, start: 0, end: Int32(text.count)))
            return
        }
        var word = SymbolChain(capacity: text.count)
        if isByteLevel {
            for byte in text { word.append(byteIDs[Int(byte)], length: 1) }
        } else {
            try addScalars(text, to: &word)
        }
        word.merge(by: merges)
        word.addTokens(to: &tokens)
    }

    /// One symbol a scalar, with bytes or the unknown token for those that are no token.
    ///
    /// In the reference an unknown token that waits to be fused is put after the bytes of what
    /// follows it; so it is here.
    private func addScalars(
        _ text: UnsafeBufferPointer<UInt8>, to word: inout SymbolChain
    ) throws(TokenizerError) {
        var waiting: (id: Int32, length: Int)?
        var at = 0
        while at < text.count {
            let length = UTF8Text.scalar(text, at).1
            let symbol = symbol(text, at..<at + length)
            at += length
            if let id = symbol.withUnsafeBufferPointer({ vocabulary.table[$0] }) {
                if let unknown = waiting { word.append(unknown.id, length: unknown.length) }
                waiting = nil
                word.append(id, length: length)
            } else if fallsBackToBytes, symbol.allSatisfy({ fallbacks[Int($0)] >= 0 }) {
                for byte in symbol { word.append(fallbacks[Int(byte)], length: 1) }
            } else if let unknown {
                guard let id = vocabulary.id(unknown) else {
                    throw .unknownCharacters(text: String(decoding: symbol, as: UTF8.self))
                }
                if let before = waiting, fusesUnknown {
                    waiting = (id, before.length + length)
                } else {
                    if let before = waiting { word.append(before.id, length: before.length) }
                    waiting = (id, length)
                }
            }
        }
        if let unknown = waiting { word.append(unknown.id, length: unknown.length) }
    }

    /// The text of a symbol, with the prefix of all but the first and the suffix of the last.
    private func symbol(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> [UInt8] {
        var symbol = range.lowerBound > 0 ? prefix : []
        symbol += text[range]
        return range.upperBound == text.count ? symbol + suffix : symbol
    }
}
