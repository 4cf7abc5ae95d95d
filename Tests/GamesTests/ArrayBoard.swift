/// Othello written plainly, as a check on the bit sets: an array of cells, walked step by step.
///
/// Knows nothing of frames, masks or tokens; squares are (row, column) of the board at hand.
struct ArrayBoard {
    enum Disc { case black, white }
    struct Cell: Hashable {
        let row: Int
        let column: Int
        var name: String { "\(Array("ABCDEFGH")[column])\(row + 1)" }
    }

    let size: Int
    private(set) var discs: [[Disc?]]
    private(set) var turn = Disc.black
    private(set) var moveCount = 0
    private(set) var last: Cell?
    private(set) var beforeLast: Cell?
    private(set) var played: [Disc: Set<Cell>] = [:]
    private(set) var flipped: Set<Cell> = []
    private(set) var passed = false

    init(size: Int) {
        self.size = size
        discs = Array(repeating: Array(repeating: nil, count: size), count: size)
        let low = size / 2 - 1
        let high = size / 2
        discs[low][low] = .white
        discs[high][high] = .white
        discs[low][high] = .black
        discs[high][low] = .black
    }

    var cells: [Cell] {
        (0..<size).flatMap { row in (0..<size).map { Cell(row: row, column: $0) } }
    }

    var corners: [Cell] {
        cells.filter { [0, size - 1].contains($0.row) && [0, size - 1].contains($0.column) }
    }

    func disc(at cell: Cell) -> Disc? { discs[cell.row][cell.column] }

    func count(_ disc: Disc) -> Int { discs.joined().filter { $0 == disc }.count }

    static func opponent(of player: Disc) -> Disc { player == .black ? .white : .black }

    /// The discs that `player` would turn over.
    func turnedOver(by player: Disc, at cell: Cell) -> Set<Cell> {
        guard disc(at: cell) == nil else { return [] }
        var result: Set<Cell> = []
        for rowStep in -1...1 {
            for columnStep in -1...1 where rowStep != 0 || columnStep != 0 {
                var line: [Cell] = []
                var row = cell.row + rowStep
                var column = cell.column + columnStep
                while row >= 0, row < size, column >= 0, column < size {
                    guard let found = discs[row][column] else { break }
                    if found == player {
                        result.formUnion(line)
                        break
                    }
                    line.append(Cell(row: row, column: column))
                    row += rowStep
                    column += columnStep
                }
            }
        }
        return result
    }

    func legal(for player: Disc) -> Set<Cell> {
        Set(cells.filter { !turnedOver(by: player, at: $0).isEmpty })
    }

    var legal: Set<Cell> { legal(for: turn) }

    mutating func play(_ cell: Cell) {
        flipped = turnedOver(by: turn, at: cell)
        precondition(!flipped.isEmpty, "\(cell.name) is illegal on the array board")
        discs[cell.row][cell.column] = turn
        for other in flipped { discs[other.row][other.column] = turn }
        moveCount += 1
        played[turn, default: []].insert(cell)
        beforeLast = last
        last = cell
        let mover = turn
        turn = Self.opponent(of: mover)
        passed = legal(for: turn).isEmpty && !legal(for: mover).isEmpty
        if passed { turn = mover }
    }
}
