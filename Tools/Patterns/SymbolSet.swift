/// A set of the symbols that a place of a pattern accepts.
struct SymbolSet: Hashable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    /// The kinds of characters beyond ASCII.
    private var beyond: UInt8 = 0

    static let all: SymbolSet = {
        var set = SymbolSet()
        (set.low, set.high, set.beyond) = (.max, .max, 0b11_1111)
        return set
    }()

    init() {}

    init(_ symbols: some Sequence<UInt8>) {
        for symbol in symbols { insert(symbol) }
    }

    init(kind: Symbol.Kind) {
        self.init(
            (0..<UInt8(Symbol.count)).filter { !Symbol.kinds[Int($0)].isDisjoint(with: kind) })
    }

    func contains(_ symbol: UInt8) -> Bool {
        switch symbol {
        case ..<64: low >> UInt64(symbol) & 1 == 1
        case ..<128: high >> UInt64(symbol - 64) & 1 == 1
        default: beyond >> (symbol - 128) & 1 == 1
        }
    }

    mutating func insert(_ symbol: UInt8) {
        switch symbol {
        case ..<64: low |= 1 << UInt64(symbol)
        case ..<128: high |= 1 << UInt64(symbol - 64)
        default: beyond |= 1 << (symbol - 128)
        }
    }

    func union(_ other: SymbolSet) -> SymbolSet {
        var set = self
        set.low |= other.low
        set.high |= other.high
        set.beyond |= other.beyond
        return set
    }

    var inverted: SymbolSet {
        var set = self
        (set.low, set.high, set.beyond) = (~low, ~high, ~beyond & 0b11_1111)
        return set
    }

    var isEmpty: Bool { low == 0 && high == 0 && beyond == 0 }

    /// With the other letter case of every letter.
    var ignoringCase: SymbolSet {
        var set = self
        for letter in UInt8(ascii: "a")...UInt8(ascii: "z") {
            if contains(letter) { set.insert(letter & 0xDF) }
            if contains(letter & 0xDF) { set.insert(letter) }
        }
        if contains(Symbol.letter) || contains(Symbol.capital) {
            set.insert(Symbol.letter)
            set.insert(Symbol.capital)
        }
        return set
    }
}
