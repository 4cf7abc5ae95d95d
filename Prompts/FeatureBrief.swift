/// What both roles are told of the feature, the boards and the language of formulas.
public struct FeatureBrief: Hashable, Sendable {
    /// Rows, and columns, of the board.
    public var boardSize: Int
    /// "A1 to F6"
    public var squares: String
    /// What the signs of a drawn board mean, in words.
    public var legend: String
    /// The activation from which on the feature counts as firing.
    public var threshold: Double
    /// The share of positions on which the activation is above 0.
    public var density: Double
    /// The balanced accuracy that a supported hypothesis must beat in both arms.
    public var bar: Double
    public var maximumFacets: Int
    /// In one facet.
    public var maximumLiterals: Int

    public init(
        boardSize: Int, squares: String, legend: String, threshold: Double, density: Double,
        bar: Double, maximumFacets: Int, maximumLiterals: Int
    ) {
        self.boardSize = boardSize
        self.squares = squares
        self.legend = legend
        self.threshold = threshold
        self.density = density
        self.bar = bar
        self.maximumFacets = maximumFacets
        self.maximumLiterals = maximumLiterals
    }

    var values: PromptValues {
        [
            "board_size": .number(boardSize), "squares": .text(squares), "legend": .text(legend),
            "threshold": .figure(threshold), "density": .percent(density), "bar": .figure(bar),
            "maximum_facets": .number(maximumFacets),
            "maximum_literals": .number(maximumLiterals),
        ]
    }
}

/// An input with what the feature did on it.
public struct BoardExample: Hashable, Sendable {
    /// The position, drawn in lines.
    public var board: String
    /// The moves that lead to it.
    public var moves: String
    public var activation: Double

    public init(board: String, moves: String, activation: Double) {
        self.board = board
        self.moves = moves
        self.activation = activation
    }

    /// The drawing and the moves as one piece of data, for each fence costs tokens.
    var example: PromptValue { .data("\(board)\nmoves: \(moves)") }

    /// Numbered from 1.
    static func records(_ examples: [BoardExample]) -> [PromptValues] {
        examples.enumerated().map { index, example in
            [
                "number": .number(index + 1), "activation": .figure(example.activation),
                "example": example.example,
            ]
        }
    }
}

/// How often a property holds where the feature fires, and where it is silent; counted by code.
public struct PropertyFrequency: Hashable, Sendable {
    /// As formulas write it.
    public var property: String
    /// Share of the exemplars.
    public var firing: Double
    /// Share of the silent positions.
    public var silent: Double

    public init(property: String, firing: Double, silent: Double) {
        self.property = property
        self.firing = firing
        self.silent = silent
    }

    var values: PromptValues {
        ["property": .text(property), "firing": .percent(firing), "silent": .percent(silent)]
    }
}

extension PromptValue {
    /// A measured figure to four digits: more would be noise, and would cost tokens.
    static func figure(_ value: Double) -> PromptValue {
        guard value != 0, value.isFinite else { return .number(value) }
        var scale = 1.0
        while abs(value) * scale < 1_000, scale < 1e12 { scale *= 10 }
        return .number((value * scale).rounded() / scale)
    }

    /// "43 %", "0.4 %"
    static func percent(_ share: Double) -> PromptValue {
        let percent = share * 100
        guard percent.isFinite else { return .number(percent) }
        let rounded =
            abs(percent) >= 10 ? percent.rounded() : (percent * 100).rounded() / 100
        return .text("\(Int(exactly: rounded).map(String.init) ?? "\(rounded)") %")
    }
}
