import Games
import Inquiry

/// How the inputs of a run are shown and what they are called.
package enum InputDrawing {
    case boards(BoardDrawing)
    case texts(TokenDrawing)

    init(_ domain: RunRecord.Domain) throws {
        switch domain {
        case .othello(let board): self = .boards(BoardDrawing(rules: try Othello(size: board)))
        case .text: self = .texts(TokenDrawing())
        }
    }

    /// - Parameter board: squares a side; nil, and a size that no board has: inputs are texts.
    package init(board: Int?) {
        if let board, let rules = try? Othello(size: board) {
            self = .boards(BoardDrawing(rules: rules))
        } else {
            self = .texts(TokenDrawing())
        }
    }

    /// What a page needs beside ``ReportStyle``.
    var style: HTML {
        switch self {
        case .boards: ""
        case .texts: TokenDrawing.style
        }
    }

    /// What is drawn independently of each other.
    var groups: String {
        switch self {
        case .boards: "games"
        case .texts: "texts"
        }
    }

    /// What is predicted.
    var inputs: String {
        switch self {
        case .boards: "positions"
        case .texts: "texts"
        }
    }

    /// Probes of one feature that a report shows at most. A text takes much more room than a move list.
    var probeLimit: Int {
        switch self {
        case .boards: .max
        case .texts: 200
        }
    }

    /// An input within a table.
    package func input(_ input: String) -> HTML {
        switch self {
        case .boards: "<code>\(input)</code>"
        case .texts(let drawing): drawing.plain(input)
        }
    }

    /// One exemplar: its tokens shaded by activation, or its board.
    ///
    /// - Parameter top: the activation that gets the darkest shade.
    package func exemplar(_ exemplar: Exemplar, top: Double) -> HTML {
        switch self {
        case .boards(let drawing): drawing.exemplar(exemplar) ?? input(exemplar.input)
        case .texts(let drawing): drawing.shaded(exemplar, top: top)
        }
    }

    /// Where the feature fires.
    func activity(_ beginning: Beginning) -> HTML {
        switch self {
        case .boards(let drawing): drawing.activity(beginning)
        case .texts(let drawing): drawing.activity(beginning)
        }
    }
}

extension BoardDrawing {
    func activity(_ beginning: Beginning) -> HTML {
        let maps = beginning.heat.map { map -> HTML in
            let scale = map.values.map(abs).max() ?? 0
            return """
                <figure>\(heat(map.values, scale: scale, title: map.name))\(map.name)<br>\
                ±\(scale, digits: 2)</figure>
                """
        }
        let boards = beginning.exemplars.compactMap { exemplar -> HTML? in
            self.exemplar(exemplar).map {
                "<figure>\($0)\(exemplar.activation, digits: 2)</figure>"
            }
        }
        return """
            <h3>Where it fires</h3><p class="soft">How much more often each square is so when the feature
            fires than on all positions, from the mover's view. Active on \(beginning.density * 100, digits: 2) %
            of positions; fires from \(beginning.threshold.value, digits: 3), half of the mean of the ten highest
            maxima (half of the maximum: \(beginning.threshold.ofMaximum, digits: 3)).</p>
            <div class="boards">\(maps)</div>
            <h3>Strongest exemplars</h3><p class="soft">Mine dark, theirs light; the last move is ringed, flipped
            discs are dotted.</p><div class="boards">\(boards)</div>
            """
    }
    /// The position in which an exemplar ends; nil where it is no game.
    func exemplar(_ exemplar: Exemplar) -> HTML? {
        (try? rules.moves(fromTranscript: exemplar.input)).flatMap {
            position($0, title: exemplar.input)
        }
    }
}
