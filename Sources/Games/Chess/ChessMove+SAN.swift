/// Standard algebraic notation: "e4", "Nbxd7+", "exd8=Q#", "O-O".
///
/// - Source: PGN standard (Edwards 1994), section 8.2.3.
extension ChessPosition {
    /// The shortest standard text of a legal move, with "+" or "#".
    ///
    /// - Returns: nil if the move is illegal here.
    public func san(_ move: ChessMove) -> String? {
        guard let next = playing(move), let kind = kind(at: move.from.mask) else { return nil }
        let suffix = next.isCheck ? (next.legalMoveCount == 0 ? "#" : "+") : ""
        if kind == .king, abs(move.to.bit - move.from.bit) == 2 {
            return (move.to.bit > move.from.bit ? "O-O" : "O-O-O") + suffix
        }
        let isPawn = kind == .pawn
        let captures =
            occupied & move.to.mask != 0 || isPawn && move.to.mask & enPassant != 0
        var text = isPawn ? "" : kind.letter + disambiguation(of: move, kind)
        if captures { text += isPawn ? "\(move.from.chessName.prefix(1))x" : "x" }
        text += move.to.chessName
        if let promotion = move.promotion { text += "=\(promotion.letter)" }
        return text + suffix
    }

    /// The file, the rank or both of the origin, where another piece of the kind could go there
    /// too.
    private func disambiguation(of move: ChessMove, _ kind: ChessKind) -> String {
        let legality = ChessLegality(self)
        let candidates = Square.all(in: pieces(kind) & pieces(of: turn) & ~move.from.mask)
        let rivals = candidates.filter {
            legality.targets(of: kind, from: $0.bit) & move.to.mask != 0
        }
        if rivals.isEmpty { return "" }
        let name = move.from.chessName
        if rivals.allSatisfy({ $0.file != move.from.file }) { return String(name.prefix(1)) }
        return rivals.allSatisfy { $0.rank != move.from.rank } ? String(name.suffix(1)) : name
    }

    /// The legal move that a text names.
    ///
    /// Read are also texts with more of the origin than is needed, without the "x", "=", "+" or "#"
    /// that belong there, with "0" for "O", and with "!" and "?" behind them.
    ///
    /// - Throws: ``ChessError/refusedMove(_:_:fen:)``.
    public func move(san text: some StringProtocol) throws(ChessError) -> ChessMove {
        do {
            return try resolve(try SANText(text))
        } catch {
            throw ChessError.refusedMove(ChessError.excerpt(of: text), error, fen: fen)
        }
    }

    private func resolve(_ text: SANText) throws(SANFault) -> ChessMove {
        switch text {
        case .castling(let kingside):
            let king = Square(bit: king(of: turn))
            let file = king.file + (kingside ? 2 : -2)
            guard (0..<8).contains(file) else { throw SANFault.illegal }
            let move = ChessMove(from: king, to: Square(bit: 8 * king.rank + file))
            guard playing(move) != nil else { throw SANFault.illegal }
            return move
        case .piece(let kind, let file, let rank, let to, let promotion):
            let legality = ChessLegality(self)
            let candidates = Square.all(in: pieces(kind) & pieces(of: turn)).filter {
                (file == nil || $0.file == file) && (rank == nil || $0.rank == rank)
                    && legality.targets(of: kind, from: $0.bit) & to.mask != 0
            }
            // A king's step of two squares is written as castling only.
            let moves = candidates.filter { kind != .king || abs($0.file - to.file) < 2 }
                .map { ChessMove(from: $0, to: to, promotion: promotion) }
            guard let move = moves.first else { throw SANFault.illegal }
            guard moves.count == 1 else {
                throw SANFault.ambiguous(moves.compactMap { san($0) })
            }
            guard playing(move) != nil else { throw SANFault.promotion }
            return move
        }
    }
}

/// What a text of standard algebraic notation says, before it is looked up in a position.
private enum SANText {
    case castling(kingside: Bool)
    case piece(ChessKind, file: Int?, rank: Int?, to: Square, promotion: ChessKind?)

    private static let castlings: [(text: String, kingside: Bool)] = [
        ("O-O", true), ("0-0", true), ("O-O-O", false), ("0-0-0", false),
    ]

    init(_ text: some StringProtocol) throws(SANFault) {
        var bytes = Array(text.utf8.prefix(16))
        guard text.utf8.count <= 15 else { throw SANFault.unreadable }
        while let last = bytes.last, "!?+#".utf8.contains(last) { bytes.removeLast() }
        if let castling = Self.castlings.first(where: { Array($0.text.utf8) == bytes }) {
            self = .castling(kingside: castling.kingside)
            return
        }
        let kind = bytes.first.flatMap(ChessKind.init(letter:))
        if kind != nil { bytes.removeFirst() }
        var promotion: ChessKind?
        if let last = bytes.last, let kind = ChessKind(letter: last) {
            promotion = kind
            bytes.removeLast()
            if bytes.last == UInt8(ascii: "=") { bytes.removeLast() }
        }
        guard bytes.count >= 2,
            let to = Square(letter: bytes[bytes.count - 2], digit: bytes[bytes.count - 1])
        else { throw SANFault.unreadable }
        bytes.removeLast(2)
        if bytes.last == UInt8(ascii: "x") || bytes.last == UInt8(ascii: "-") { bytes.removeLast() }
        var file: Int?
        if let letter = bytes.first.flatMap(Square.file(letter:)) {
            file = letter
            bytes.removeFirst()
        }
        var rank: Int?
        if let digit = bytes.first.flatMap(Square.rank(digit:)) {
            rank = digit
            bytes.removeFirst()
        }
        guard bytes.isEmpty else { throw SANFault.unreadable }
        // A pawn without a file goes straight on: "d5" never stands for a capture.
        let isPawn = kind == nil
        self = .piece(
            kind ?? .pawn, file: isPawn ? file ?? to.file : file, rank: rank, to: to,
            promotion: promotion)
    }
}
