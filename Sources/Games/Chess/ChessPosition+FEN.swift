extension ChessPosition {
    /// The longest FEN that is read, in UTF-8 bytes; the longest legal one needs 94.
    public static let fenByteLimit = 128

    /// The position in Forsyth–Edwards notation, with the square passed over by every step of two.
    ///
    /// - Source: PGN standard (Edwards 1994), section 16.1.
    public var fen: String {
        let ranks = stride(from: 7, through: 0, by: -1).map(placement(ofRank:))
        let passed = enPassant == 0 ? "-" : Square(bit: enPassant.trailingZeroBitCount).chessName
        return "\(ranks.joined(separator: "/")) \(turn == .white ? "w" : "b") \(castling.letters) "
            + "\(passed) \(halfmoveClock) \(moveNumber)"
    }

    private func placement(ofRank rank: Int) -> String {
        var text = ""
        var emptyCount = 0
        for file in 0..<8 {
            guard let piece = piece(at: Square(bit: 8 * rank + file)) else {
                emptyCount += 1
                continue
            }
            if emptyCount > 0 { text += String(emptyCount) }
            emptyCount = 0
            text += piece.color == .white ? piece.kind.letter : piece.kind.letter.lowercased()
        }
        return emptyCount > 0 ? text + String(emptyCount) : text
    }

    /// Reads Forsyth–Edwards notation of six fields, or of four, which then begin at move 1.
    ///
    /// - Throws: ``ChessError/unreadableFEN(_:_:)`` for a text that is none, and for a position no
    ///   game can reach in ways that the rules of moving rely on: kings, pawns on the last ranks,
    ///   rights to castle without king and rook at home, a passed square without its pawn, or the
    ///   mover giving check.
    public init(fen: some StringProtocol) throws(ChessError) {
        do {
            self = try Self.read(fen)
        } catch {
            throw ChessError.unreadableFEN(ChessError.excerpt(of: fen), error)
        }
    }

    private static func read(_ fen: some StringProtocol) throws(FENFault) -> ChessPosition {
        let byteCount = fen.utf8.count
        guard byteCount <= fenByteLimit else {
            throw FENFault.tooLong(byteCount: byteCount, limit: fenByteLimit)
        }
        let fields = String(fen).split { $0.isWhitespace }.map(String.init)
        guard fields.count == 6 || fields.count == 4 else {
            throw FENFault.fieldCount(fields.count)
        }
        var position = try board(fields[0])
        switch fields[1] {
        case "w": position.turn = .white
        case "b": position.turn = .black
        default: throw FENFault.turn
        }
        guard let castling = CastlingRights(letters: fields[2]) else { throw FENFault.castling }
        position.castling = castling
        if fields[3] != "-" {
            guard let square = Square(chessName: fields[3]) else { throw FENFault.enPassant }
            position.enPassant = square.mask
        }
        if fields.count == 6 {
            position.halfmoveClock = try number(fields[4], from: 0)
            position.moveNumber = try number(fields[5], from: 1)
        }
        try position.checkPlausible()
        return position
    }

    private static func board(_ placement: String) throws(FENFault) -> ChessPosition {
        var position = ChessPosition(
            pawns: 0, knights: 0, bishops: 0, rooks: 0, queens: 0, kings: 0, white: 0, black: 0,
            enPassant: 0, halfmoveClock: 0, moveNumber: 1, turn: .white, castling: [])
        let ranks = placement.utf8.split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard ranks.count == 8 else { throw FENFault.placement }
        for (row, rank) in ranks.enumerated() {
            var file = 0
            for byte in rank {
                if let digit = Square.rank(digit: byte) {
                    file += digit + 1
                } else if let kind = ChessKind(letter: byte & ~0x20), file < 8 {
                    let mask: UInt64 = 1 << UInt64(8 * (7 - row) + file)
                    position.put(ChessPiece(byte & 0x20 == 0 ? .white : .black, kind), on: mask)
                    file += 1
                } else {
                    throw FENFault.placement
                }
            }
            guard file == 8 else { throw FENFault.placement }
        }
        return position
    }

    private mutating func put(_ piece: ChessPiece, on mask: UInt64) {
        if piece.color == .white { white |= mask } else { black |= mask }
        switch piece.kind {
        case .pawn: pawns |= mask
        case .knight: knights |= mask
        case .bishop: bishops |= mask
        case .rook: rooks |= mask
        case .queen: queens |= mask
        case .king: kings |= mask
        }
    }

    private static func number(_ text: String, from least: Int) throws(FENFault) -> Int {
        guard let number = Int(text), (least...9999).contains(number) else {
            throw FENFault.number(ChessError.excerpt(of: text), least: least)
        }
        return number
    }

    private func checkPlausible() throws(FENFault) {
        guard (kings & white).nonzeroBitCount == 1, (kings & black).nonzeroBitCount == 1 else {
            throw FENFault.kings
        }
        guard pawns & Self.lastRanks == 0 else { throw FENFault.pawnOnLastRank }
        for color in ChessColor.allCases {
            let home = color == .white ? 0 : 56
            let (king, rooks) = (kings & pieces(of: color), rooks & pieces(of: color))
            let isHome = king == 1 << UInt64(home + 4)
            let kingside = isHome && rooks & 1 << UInt64(home + 7) != 0
            let queenside = isHome && rooks & 1 << UInt64(home) != 0
            guard kingside || !castling.contains(.kingside(color)),
                queenside || !castling.contains(.queenside(color))
            else { throw FENFault.castlingWithoutPieces }
        }
        guard enPassant == 0 || hasJustPassed else { throw FENFault.enPassantWithoutPawn }
        let opponent = turn.opponent
        guard attackers(of: king(of: opponent), by: turn, through: occupied) == 0 else {
            throw FENFault.opponentInCheck
        }
    }

    /// Whether the opponent's pawn may just have stepped over the passed square.
    private var hasJustPassed: Bool {
        let isWhite = turn == .white
        let rank: UInt64 = isWhite ? ChessAttacks.rank1 << 40 : ChessAttacks.rank1 << 16
        let pawn = isWhite ? enPassant >> 8 : enPassant << 8
        let origin = isWhite ? enPassant << 8 : enPassant >> 8
        return enPassant & rank != 0 && pawn & pawns & pieces(of: turn.opponent) != 0
            && (enPassant | origin) & occupied == 0
    }
}

extension CastlingRights {
    /// "KQkq", a part of it, or "-".
    public var letters: String {
        let text = Self.named.filter { contains($0.right) }.map(\.letter).joined()
        return text.isEmpty ? "-" : text
    }

    /// - Returns: nil for anything but "-" or some of K, Q, k and q, each once and in this order.
    init?(letters: String) {
        self = Self.named.reduce(into: []) { rights, named in
            if letters.contains(named.letter) { rights.insert(named.right) }
        }
        guard self.letters == letters else { return nil }
    }

    private static let named: [(letter: String, right: CastlingRights)] = [
        ("K", .whiteKingside), ("Q", .whiteQueenside), ("k", .blackKingside),
        ("q", .blackQueenside),
    ]
}
