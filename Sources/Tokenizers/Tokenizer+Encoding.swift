extension Tokenizer {
    /// Encodes a text.
    ///
    /// - Parameters:
    ///   - addSpecialTokens: whether the post-processor frames the text.
    ///   - truncation: how to cut it, if at all; the file's own is ``truncation``.
    ///   - padding: how to fill it up, if at all; the file's own is ``padding``.
    /// - Complexity: O(n log n) in the text's length for the models, unless a regular expression
    ///   that is not one of the well-known takes longer; that has its own bound.
    public func encode(
        _ text: String, addSpecialTokens: Bool, truncation: Truncation? = nil,
        padding: Padding? = nil
    ) throws(TokenizerError) -> Encoding {
        try finish([try part(text, 0)], addSpecialTokens, truncation, padding)
    }

    /// Encodes two texts as one, as the post-processor frames pairs.
    public func encodePair(
        _ first: String, _ second: String, addSpecialTokens: Bool, truncation: Truncation? = nil,
        padding: Padding? = nil
    ) throws(TokenizerError) -> Encoding {
        let parts = [try part(first, 0), try part(second, 1)]
        return try finish(parts, addSpecialTokens, truncation, padding)
    }

    private func finish(
        _ parts: [SequencePart], _ addSpecialTokens: Bool, _ truncation: Truncation?,
        _ padding: Padding?
    ) throws(TokenizerError) -> Encoding {
        var parts = parts
        if let truncation {
            let added = postProcessor?.addedCount(isPair: parts.count == 2) ?? 0
            let limit = truncation.maximumCount - (addSpecialTokens ? added : 0)
            guard limit >= 0 else {
                throw .untruncatable(
                    reason: "\(truncation.maximumCount) tokens are fewer than the \(added) that "
                        + "the template adds")
            }
            var texts = parts.map(\.encoding)
            try truncation.cut(&texts, to: limit)
            for at in parts.indices { parts[at].encoding = texts[at] }
        }
        if let postProcessor {
            parts = try postProcessor.apply(to: parts, addsSpecials: addSpecialTokens)
        }
        var result = parts.first?.encoding ?? Encoding()
        for part in parts.dropFirst() { result.append(part.encoding) }
        padding?.fill(&result)
        return result
    }

    private func part(_ text: String, _ typeID: Int) throws(TokenizerError) -> SequencePart {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.byteLimit else {
            throw .longText(bytes: bytes.count, limit: Self.byteLimit)
        }
        var list = try added.pieces(of: bytes, normaliser)
        try preTokeniser?.apply(to: &list)
        if case .bytePair(let model) = model, model.takesBytes {
            // It can do without the spelling.
        } else {
            list.spell()
        }
        var part = SequencePart(encoding: Encoding(), places: ScalarPlaces(bytes))
        let cache = caches.take()
        defer { caches.giveBack(cache) }
        try encode(list, cache, to: &part)
        let count = part.encoding.count
        part.encoding.typeIDs = Array(repeating: typeID, count: count)
        part.encoding.specialTokensMask = Array(repeating: 0, count: count)
        part.encoding.attentionMask = Array(repeating: 1, count: count)
        return part
    }

    private func encode(
        _ list: PieceList, _ cache: WordCache, to part: inout SequencePart
    ) throws(TokenizerError) {
        var found: [ModelToken] = []
        for piece in list.pieces {
            found.removeAll(keepingCapacity: true)
            if piece.added >= 0 {
                found.append(
                    ModelToken(
                        id: piece.added, start: 0, end: Int32(piece.end - piece.start),
                        isVerbatim: true))
            } else {
                let result = list.text(piece).withUnsafeBufferPointer { text in
                    Result { () throws(TokenizerError) in
                        try encode(text, piece.isByteLevel, cache, to: &found)
                    }
                }
                try result.get()
            }
            let passage = list.passages[piece.passage]
            for token in found { add(token, piece, passage, to: &part) }
        }
    }

    private func encode(
        _ text: UnsafeBufferPointer<UInt8>, _ isByteLevel: Bool, _ cache: WordCache,
        to found: inout [ModelToken]
    ) throws(TokenizerError) {
        let hash = TokenTable.hash(text)
        if cache.find(text, hash, &found) { return }
        switch model {
        case .bytePair(let model):
            try model.encode(text, isByteLevel: isByteLevel, to: &found)
        case .unigram(let model): try model.encode(text, to: &found)
        case .wordPiece(let model): try model.encode(text, to: &found)
        case .wordLevel(let model): try model.encode(text, to: &found)
        }
        cache.insert(text, hash, found[...])
    }

    private func add(
        _ token: ModelToken, _ piece: Piece, _ passage: Passage, to part: inout SequencePart
    ) {
        let start = piece.start + Int(token.start)
        let end = piece.start + Int(token.end)
        var original = (start: Int(token.start), end: Int(token.end))
        if start < end, end <= piece.end {
            original = passage.original(start..<end)
        } else if start == end {
            original = (piece.origin + original.start, piece.origin + original.end)
        }
        let (first, last) = part.places.scalarRange(original.start, original.end)
        let offsets = first..<max(first, last)
        part.encoding.ids.append(Int(token.id))
        part.encoding.offsets.append(offsets)
        part.encoding.byteOffsets.append(
            part.places.byte(first)..<part.places.byte(offsets.upperBound))
        if !token.isVerbatim, let text = model.vocabulary.token(Int(token.id)) {
            part.encoding.tokens.append(text)
        } else {
            let text = passage.bytes[min(start, end)..<min(end, passage.bytes.count)]
            part.encoding.tokens.append(String(decoding: text, as: UTF8.self))
        }
    }
}
