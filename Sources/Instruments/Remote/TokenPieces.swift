import Foundation
import Tokenizers

/// What a server's spelling of tokens stands for, and where each lies in the text.
///
/// Servers give tokens decoded one by one, in which characters that are split become U+FFFD, or as
/// the vocabulary spells them: GPT-2's characters for bytes ("Ġ" for a space), or "▁" for a space and
/// "<0xE2>" for a byte.
enum TokenPieces {
    /// How tokens are spelled.
    enum Spelling: CaseIterable {
        case plain, byteLevel, metaspace

        /// The bytes of one token, or nil if it is not spelled so.
        func bytes(of token: String) -> [UInt8]? {
            switch self {
            case .plain: return Array(token.utf8)
            case .byteLevel:
                var bytes: [UInt8] = []
                for scalar in token.unicodeScalars {
                    guard let byte = ByteAlphabet.standard.byte(of: scalar.value) else {
                        return nil
                    }
                    bytes.append(byte)
                }
                return bytes
            case .metaspace:
                if token.utf8.count == 6, token.hasPrefix("<0x"), token.hasSuffix(">"),
                    let byte = UInt8(token.dropFirst(3).dropLast(), radix: 16)
                {
                    return [byte]
                }
                return Array(token.replacing("\u{2581}", with: " ").utf8)
            }
        }

        /// The spelling that the tokens look like, where there is no text to hold them against.
        static func guess(_ tokens: [String]) -> Spelling {
            if tokens.contains(where: { $0.contains("\u{2581}") }) { return .metaspace }
            let marks = tokens.contains { $0.contains("Ġ") || $0.contains("Ċ") }
            let fits = tokens.allSatisfy { Spelling.byteLevel.bytes(of: $0) != nil }
            return marks && fits ? .byteLevel : .plain
        }
    }

    /// Names of first tokens, as servers spell them.
    static let firstTokens: Set<String> = [
        "<bos>", "<s>", "<|endoftext|>", "<|begin_of_text|>", "<|startoftext|>",
        "<|beginoftext|>", "[CLS]",
    ]

    /// The tokens with their places in the text. A place is given only where the tokens before it, or
    /// all those after it, spell the text byte by byte.
    ///
    /// - Parameter special: what the server says of each; nil if it does not, and then a first token
    ///   is known by its name.
    static func tokens(
        _ spellings: [String], special: [Bool]?, in text: String
    ) -> [TextReading.Token] {
        let isSpecial = marks(spellings, special)
        let own = zip(spellings, isSpecial).filter { !$0.1 }.map(\.0)
        let bytes = Array(text.utf8)
        var best = (spelling: Spelling.guess(own), places: [Range<Int>?](), count: 0)
        for spelling in Spelling.allCases {
            let places = places(own.map(spelling.bytes), in: bytes)
            let count = places.count { $0 != nil }
            if count > best.count { best = (spelling, places, count) }
        }
        var next = 0
        return zip(spellings, isSpecial).map { token, isSpecial in
            guard !isSpecial else { return .init(text: token, bytes: nil, isSpecial: true) }
            defer { next += 1 }
            return .init(
                text: display(token, best.spelling),
                bytes: next < best.places.count ? best.places[next] : nil, isSpecial: false)
        }
    }

    static func marks(_ spellings: [String], _ special: [Bool]?) -> [Bool] {
        if let special, special.count == spellings.count { return special }
        // llama2.c spells its own between two line feeds.
        return spellings.enumerated().map { place, spelling in
            place == 0
                && firstTokens.contains(spelling.trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }

    /// A token for people: its characters, or its own spelling where it is part of one.
    static func display(_ token: String, _ spelling: Spelling) -> String {
        spelling.bytes(of: token).flatMap { String(validating: $0, as: UTF8.self) } ?? token
    }

    /// Where pieces lie that run through the text, from the front until one does not fit and from the
    /// back until one does not fit.
    private static func places(_ pieces: [[UInt8]?], in text: [UInt8]) -> [Range<Int>?] {
        // Some tokenizers put a space first.
        let isPadded = pieces.first??.first == 0x20 && text.first != 0x20
        let text = isPadded ? [0x20] + text : text
        var places = [Range<Int>?](repeating: nil, count: pieces.count)
        var at = 0
        var first = 0
        while first < pieces.count, let piece = pieces[first], text[at...].starts(with: piece) {
            places[first] = at..<at + piece.count
            at += piece.count
            first += 1
        }
        var end = text.count
        var last = pieces.count
        while last > first, let piece = pieces[last - 1], end - piece.count >= at,
            text[at..<end].suffix(piece.count).elementsEqual(piece)
        {
            last -= 1
            places[last] = end - piece.count..<end
            end -= piece.count
        }
        // Tokens that all fit and leave a rest do not spell this text.
        if first == pieces.count, at < text.count { return places.map { _ in nil } }
        guard isPadded else { return places }
        return places.map { $0.map { max(0, $0.lowerBound - 1)..<max(0, $0.upperBound - 1) } }
    }
}
