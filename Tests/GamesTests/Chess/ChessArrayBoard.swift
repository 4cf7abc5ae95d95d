import Games

/// A plain slow twin of ``ChessPosition``: letters on an 8×8 array, each move tried and its king
/// looked at. Upper case is White; "." is empty.
struct ChessArrayBoard {
    var cells: [Character] = Array(repeating: ".", count: 64)
    var isWhite = true
    var rights = ""
    var passed: Int?

    struct Step: Hashable {
        var from: Int
        var to: Int
        var promotion: Character?
    }

    init(fen: String) {
        let fields = fen.split(separator: " ")
        for (row, rank) in fields[0].split(separator: "/").enumerated() {
            var file = 0
            for letter in rank {
                if let gap = letter.wholeNumberValue {
                    file += gap
                } else {
                    cells[8 * (7 - row) + file] = letter
                    file += 1
                }
            }
        }
        isWhite = fields[1] == "w"
        rights = String(fields[2])
        passed = Square(chessName: fields[3])?.bit
    }

    func owner(_ index: Int) -> Bool? { cells[index] == "." ? nil : cells[index].isUppercase }

    private static let straight = [(0, 1), (0, -1), (1, 0), (-1, 0)]
    private static let slant = [(1, 1), (1, -1), (-1, 1), (-1, -1)]
    private static let leaps = [
        (1, 2), (2, 1), (-1, 2), (-2, 1), (1, -2), (2, -1), (-1, -2), (-2, -1),
    ]

    private func square(_ from: Int, _ step: (Int, Int), _ count: Int = 1) -> Int? {
        let rank = from / 8 + step.0 * count
        let file = from % 8 + step.1 * count
        return (0..<8).contains(rank) && (0..<8).contains(file) ? 8 * rank + file : nil
    }

    /// The squares a piece attacks, whoever stands there.
    func attacks(from: Int) -> [Int] {
        let up = cells[from].isUppercase ? 1 : -1
        let (steps, reach): ([(Int, Int)], Int) =
            switch cells[from].lowercased() {
            case "p": ([(up, 1), (up, -1)], 1)
            case "n": (Self.leaps, 1)
            case "b": (Self.slant, 7)
            case "r": (Self.straight, 7)
            case "q": (Self.slant + Self.straight, 7)
            default: (Self.slant + Self.straight, 1)
            }
        var result: [Int] = []
        for step in steps {
            for count in 1...reach {
                guard let to = square(from, step, count) else { break }
                result.append(to)
                if cells[to] != "." { break }
            }
        }
        return result
    }

    func attacked(byWhite: Bool) -> Set<Int> {
        Set((0..<64).filter { owner($0) == byWhite }.flatMap(attacks(from:)))
    }

    func isInCheck(white: Bool) -> Bool {
        let king = cells.firstIndex(of: white ? "K" : "k") ?? 0
        return attacked(byWhite: !white).contains(king)
    }

    /// The legal moves: whatever leaves the mover's king unattacked.
    var legal: Set<Step> {
        var steps: [Step] = []
        for from in 0..<64 where owner(from) == isWhite {
            for to in targets(from) {
                let isLast = cells[from].lowercased() == "p" && [0, 7].contains(to / 8)
                let promotions: [Character?] = isLast ? ["n", "b", "r", "q"] : [nil]
                steps += promotions.map { Step(from: from, to: to, promotion: $0) }
            }
        }
        let safe = steps.filter { !playing($0).isInCheck(white: isWhite) }
        return Set(safe + castlings)
    }

    private func targets(_ from: Int) -> [Int] {
        guard cells[from].lowercased() == "p" else {
            return attacks(from: from).filter { owner($0) != isWhite }
        }
        var result = attacks(from: from).filter { owner($0) == !isWhite || $0 == passed }
        let up = isWhite ? 1 : -1
        if let one = square(from, (up, 0)), cells[one] == "." {
            result.append(one)
            if from / 8 == (isWhite ? 1 : 6), cells[from + 16 * up] == "." {
                result.append(from + 16 * up)
            }
        }
        return result
    }

    private var castlings: [Step] {
        let home = isWhite ? 0 : 56
        let attacked = attacked(byWhite: !isWhite)
        func isOpen(_ files: [Int]) -> Bool { files.allSatisfy { cells[home + $0] == "." } }
        func isSafe(_ files: [Int]) -> Bool { files.allSatisfy { !attacked.contains(home + $0) } }
        var result: [Step] = []
        if rights.contains(isWhite ? "K" : "k"), isOpen([5, 6]), isSafe([4, 5, 6]) {
            result.append(Step(from: home + 4, to: home + 6))
        }
        if rights.contains(isWhite ? "Q" : "q"), isOpen([1, 2, 3]), isSafe([2, 3, 4]) {
            result.append(Step(from: home + 4, to: home + 2))
        }
        return result
    }

    func playing(_ step: Step) -> ChessArrayBoard {
        var next = self
        let letter = cells[step.from]
        next.cells[step.from] = "."
        next.cells[step.to] =
            step.promotion.map { Character(isWhite ? $0.uppercased() : $0.lowercased()) } ?? letter
        next.passed = nil
        if letter.lowercased() == "p" {
            if step.to == passed { next.cells[step.to + (isWhite ? -8 : 8)] = "." }
            if abs(step.to - step.from) == 16 { next.passed = (step.from + step.to) / 2 }
        }
        if letter.lowercased() == "k", abs(step.to - step.from) == 2 {
            let (corner, beside) = step.to > step.from ? (7, 5) : (0, 3)
            let home = step.from / 8 * 8
            next.cells[home + beside] = next.cells[home + corner]
            next.cells[home + corner] = "."
        }
        let homes: [Character: [Int]] = [
            "K": [4, 7], "Q": [4, 0], "k": [60, 63], "q": [60, 56],
        ]
        next.rights.removeAll {
            homes[$0].map { $0.contains(step.from) || $0.contains(step.to) } ?? false
        }
        next.isWhite = !isWhite
        return next
    }
}
