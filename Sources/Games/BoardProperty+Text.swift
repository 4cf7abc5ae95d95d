extension BoardProperty {
    /// The canonical text, "theirs(D3)", "moveNumber>=12" or "moverIsBlack".
    public func formula(on rules: Othello) -> String {
        switch self {
        case .mine(let square): "mine(\(rules.name(of: square)))"
        case .theirs(let square): "theirs(\(rules.name(of: square)))"
        case .empty(let square): "empty(\(rules.name(of: square)))"
        case .justPlayed(let square): "justPlayed(\(rules.name(of: square)))"
        case .justFlipped(let square): "justFlipped(\(rules.name(of: square)))"
        case .legalNext(let square): "legalNext(\(rules.name(of: square)))"
        case .previouslyPlayed(let square): "previouslyPlayed(\(rules.name(of: square)))"
        case .playedByMover(let square): "playedByMover(\(rules.name(of: square)))"
        case .moveNumberAtLeast(let count): "moveNumber>=\(count)"
        case .flippedAtLeast(let count): "flipped>=\(count)"
        case .legalAtLeast(let count): "legal>=\(count)"
        case .mineAtLeast(let count): "mine>=\(count)"
        case .leadAtLeast(let lead): "lead>=\(lead)"
        case .cornersMineAtLeast(let count): "cornersMine>=\(count)"
        case .cornersTheirsAtLeast(let count): "cornersTheirs>=\(count)"
        case .moverIsBlack: "moverIsBlack"
        case .passed: "passed"
        }
    }

    /// The property, or its negation, in plain words without a final stop.
    ///
    /// "D3 holds the opponent's disc", "B2 was not just played", "fewer than 12 moves have been
    /// played".
    public func sentence(on rules: Othello, negated: Bool) -> String {
        let not = negated ? " not" : ""
        let holds = negated ? "does not hold" : "holds"
        return switch self {
        case .mine(let square): "\(rules.name(of: square)) \(holds) the mover's disc"
        case .theirs(let square): "\(rules.name(of: square)) \(holds) the opponent's disc"
        case .empty(let square): "\(rules.name(of: square)) is\(not) empty"
        case .justPlayed(let square): "\(rules.name(of: square)) was\(not) just played"
        case .justFlipped(let square): "\(rules.name(of: square)) was\(not) just flipped"
        case .legalNext(let square): "\(rules.name(of: square)) is\(not) a legal next move"
        case .previouslyPlayed(let square):
            "\(rules.name(of: square)) was\(not) the move before last"
        case .playedByMover(let square):
            "the mover \(negated ? "did not play" : "played") \(rules.name(of: square))"
        case .moverIsBlack: negated ? "White is to move" : "Black is to move"
        case .passed: "the opponent has\(not) just passed"
        default: thresholdSentence(negated: negated)
        }
    }

    private func thresholdSentence(negated: Bool) -> String {
        func atLeast(_ count: Int, _ noun: String) -> String {
            "\(negated ? "fewer than" : "at least") \(count) \(noun)\(count == 1 ? "" : "s")"
        }
        return switch self {
        case .moveNumberAtLeast(let count):
            "\(atLeast(count, "move")) \(count == 1 ? "has" : "have") been played"
        case .flippedAtLeast(let count):
            "\(atLeast(count, "disc")) \(count == 1 ? "was" : "were") just flipped"
        case .legalAtLeast(let count): "the mover has \(atLeast(count, "legal move"))"
        case .mineAtLeast(let count): "the mover has \(atLeast(count, "disc"))"
        case .cornersMineAtLeast(let count): "the mover holds \(atLeast(count, "corner"))"
        case .cornersTheirsAtLeast(let count): "the opponent holds \(atLeast(count, "corner"))"
        case .leadAtLeast(let lead): Self.leadSentence(lead, negated: negated)
        default: preconditionFailure("thresholdSentence: \(self) is no threshold")
        }
    }

    private static func leadSentence(_ lead: Int, negated: Bool) -> String {
        let discs = "\(abs(lead)) disc\(abs(lead) == 1 ? "" : "s")"
        if lead > 0 {
            return "the mover \(negated ? "does not lead" : "leads") by \(discs) or more"
        }
        if lead == 0 {
            let compared = negated ? "fewer discs than" : "at least as many discs as"
            return "the mover has \(compared) the opponent"
        }
        return "the mover \(negated ? "trails" : "does not trail") by more than \(discs)"
    }
}
