extension BoardProperty {
    /// The longest text that is read, in UTF-8 bytes; the longest formula needs 20.
    public static let formulaByteLimit = 64

    /// Reads a formula; the inverse of ``formula(on:)``.
    ///
    /// Blanks and letter case do not matter, and "≥" stands for ">=". Numbers run from 0 to 64, for
    /// `lead` from −64 to 64.
    ///
    /// - Throws: ``GameError/unreadableProperty(_:_:)`` with the fault.
    public static func parse(
        _ formula: some StringProtocol, on rules: Othello
    ) throws(GameError) -> BoardProperty {
        do {
            return try read(formula, on: rules)
        } catch {
            throw GameError.unreadableProperty(GameError.excerpt(of: formula), error)
        }
    }

    private static func read(
        _ formula: some StringProtocol, on rules: Othello
    ) throws(PropertyFault) -> BoardProperty {
        let byteCount = formula.utf8.count
        guard byteCount <= formulaByteLimit else {
            throw PropertyFault.tooLong(byteCount: byteCount, limit: formulaByteLimit)
        }
        let text = String(formula.filter { !$0.isWhitespace }).lowercased()
            .replacing("≥", with: ">=")
        if let open = text.firstIndex(of: "("), text.last == ")" {
            guard let form = squareForms[String(text[..<open])] else {
                throw PropertyFault.unknownForm
            }
            return form(try square(text[text.index(after: open)...].dropLast(), on: rules))
        }
        if let sign = text.firstRange(of: ">=") {
            let name = String(text[..<sign.lowerBound])
            guard let form = numberForms[name] else { throw PropertyFault.unknownForm }
            return form(try number(text[sign.upperBound...], isLead: name == "lead"))
        }
        guard let flag = flags[text] else { throw PropertyFault.unknownForm }
        return flag
    }

    private static func square(
        _ name: Substring, on rules: Othello
    ) throws(PropertyFault) -> Square {
        do {
            return try rules.square(named: name)
        } catch {
            throw PropertyFault.unknownSquare(GameError.excerpt(of: name), size: rules.size)
        }
    }

    private static func number(
        _ digits: Substring, isLead: Bool
    ) throws(PropertyFault) -> Int {
        let allowed = isLead ? -64...64 : 0...64
        guard let number = Int(digits), allowed.contains(number) else {
            throw PropertyFault.numberOutOfRange(GameError.excerpt(of: digits), allowed: allowed)
        }
        return number
    }

    private static let squareForms: [String: @Sendable (Square) -> BoardProperty] = [
        "mine": { .mine($0) }, "theirs": { .theirs($0) }, "empty": { .empty($0) },
        "justplayed": { .justPlayed($0) }, "justflipped": { .justFlipped($0) },
        "legalnext": { .legalNext($0) }, "previouslyplayed": { .previouslyPlayed($0) },
        "playedbymover": { .playedByMover($0) },
    ]

    private static let numberForms: [String: @Sendable (Int) -> BoardProperty] = [
        "movenumber": { .moveNumberAtLeast($0) }, "flipped": { .flippedAtLeast($0) },
        "legal": { .legalAtLeast($0) }, "mine": { .mineAtLeast($0) },
        "lead": { .leadAtLeast($0) }, "cornersmine": { .cornersMineAtLeast($0) },
        "cornerstheirs": { .cornersTheirsAtLeast($0) },
    ]

    private static let flags: [String: BoardProperty] = [
        "moverisblack": .moverIsBlack, "passed": .passed,
    ]

    /// Every form `parse` reads, for messages.
    static let knownForms =
        "mine(A1), theirs(A1), empty(A1), justPlayed(A1), justFlipped(A1), legalNext(A1), "
        + "previouslyPlayed(A1), playedByMover(A1), moveNumber>=2, flipped>=2, legal>=2, mine>=2, lead>=2, "
        + "cornersMine>=2, cornersTheirs>=2, moverIsBlack, passed"
}
