extension ChessProperty {
    /// The longest text that is read, in UTF-8 bytes; the longest formula needs 17.
    public static let formulaByteLimit = 64

    /// The canonical text: "whiteKnight(f3)", "threatened(e4)", "legal(e4)" or "canCheck".
    public var formula: String {
        switch self {
        case .piece(let piece, let square):
            "\(piece.color.name)\(piece.kind.name.capitalizedFirst)(\(square.chessName))"
        case .threatened(let square): "threatened(\(square.chessName))"
        case .legal(let square): "legal(\(square.chessName))"
        case .check: "check"
        case .canCheck: "canCheck"
        case .queen: "queen"
        case .canCaptureQueen: "canCaptureQueen"
        case .bishopPair: "bishopPair"
        case .castling: "castling"
        case .castlingKingside: "castlingKingside"
        case .castlingQueenside: "castlingQueenside"
        case .fork: "fork"
        case .pin: "pin"
        case .enPassant: "enPassant"
        case .ambiguousMoves: "ambiguousMoves"
        }
    }

    /// The property, or its negation, in plain words without a final stop.
    ///
    /// "f3 holds a white knight", "the mover cannot give check".
    public func sentence(negated: Bool) -> String {
        let not = negated ? " not" : ""
        let can = negated ? "cannot" : "can"
        let has = negated ? "has no" : "has a"
        return switch self {
        case .piece(let piece, let square):
            "\(square.chessName) \(negated ? "does not hold" : "holds") a \(piece.color.name) "
                + piece.kind.name
        case .threatened(let square):
            "\(square.chessName) is\(not) attacked by the mover's opponent"
        case .legal(let square):
            "\(negated ? "no" : "a") legal move ends on \(square.chessName)"
        case .check: "the mover is\(not) in check"
        case .canCheck: "the mover \(can) give check"
        case .queen: "the mover \(has) queen"
        case .canCaptureQueen: "the mover \(can) take a queen"
        case .bishopPair: "the mover \(has) pair of bishops"
        case .castling: "the mover \(has) right to castle"
        case .castlingKingside: "the mover \(has) right to castle kingside"
        case .castlingQueenside: "the mover \(has) right to castle queenside"
        case .fork: "\(negated ? "no" : "a") piece of the mover forks two higher ones"
        case .pin: "\(negated ? "no" : "a") piece is pinned to its king"
        case .enPassant: "the mover \(can) capture en passant"
        case .ambiguousMoves:
            "\(negated ? "no" : "some") two pieces of one kind of the mover "
                + "can go to the same square"
        }
    }

    /// Reads a formula; the inverse of ``formula``. Blanks and letter case do not matter.
    ///
    /// - Throws: ``ChessError/unreadableProperty(_:_:)`` with the fault.
    public static func parse(_ formula: some StringProtocol) throws(ChessError) -> ChessProperty {
        do {
            return try read(formula)
        } catch {
            throw ChessError.unreadableProperty(ChessError.excerpt(of: formula), error)
        }
    }

    private static func read(
        _ formula: some StringProtocol
    ) throws(ChessPropertyFault) -> ChessProperty {
        let byteCount = formula.utf8.count
        guard byteCount <= formulaByteLimit else {
            throw ChessPropertyFault.tooLong(byteCount: byteCount, limit: formulaByteLimit)
        }
        let text = String(formula.filter { !$0.isWhitespace }).lowercased()
        guard let open = text.firstIndex(of: "("), text.last == ")" else {
            guard let flag = namedFlags[text] else { throw ChessPropertyFault.unknownForm }
            return flag
        }
        guard let form = squareForms[String(text[..<open])] else {
            throw ChessPropertyFault.unknownForm
        }
        let name = text[text.index(after: open)...].dropLast()
        guard let square = Square(chessName: name) else {
            throw ChessPropertyFault.unknownSquare(ChessError.excerpt(of: name))
        }
        return form(square)
    }

    private static let squareForms: [String: @Sendable (Square) -> ChessProperty] =
        ChessPiece.all.reduce(
            into: ["threatened": { .threatened($0) }, "legal": { .legal($0) }]
        ) { forms, piece in
            forms[piece.color.name + piece.kind.name] = { .piece(piece, $0) }
        }

    private static let namedFlags = Dictionary(
        uniqueKeysWithValues: flags.map { ($0.formula.lowercased(), $0) })

    /// Every form `parse` reads, for messages.
    static let knownForms =
        "whitePawn(e4) to blackKing(e4), threatened(e4), legal(e4), "
        + flags.map(\.formula).joined(separator: ", ")
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
