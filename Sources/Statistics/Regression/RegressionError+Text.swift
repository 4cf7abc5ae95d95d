extension RegressionError: CustomStringConvertible {
    /// The model, the reason and the cure.
    public var description: String {
        switch self {
        case .tooFewRows(let model, let rows, let needed):
            "\(model): \(rows) rows do not determine it. Give at least \(needed), or fewer columns."
        case .notFinite(let model, let row, let column):
            "\(model): row \(row) of \(column.map { "column \($0)" } ?? "the target") is not a "
                + "finite number. Fill in what is missing before fitting."
        case .targetOutOfRange(let model, let row, let value, let expected):
            "\(model): the target of row \(row) is \(value), expected \(expected)."
        case .constantTarget(let model, let value):
            "\(model): every target is \(value), so there is nothing to explain."
        case .tooManyLevels(let model, let levels, let limit):
            "\(model): the target has \(levels) levels, at most \(limit) are told apart. "
                + "Treat it as a number."
        case .collinear(let model):
            "\(model): a column is a combination of the others. Drop it, or set a penalty above 0."
        case .unsettled(let model, let steps):
            "\(model): not settled after \(steps) steps. Set a larger penalty."
        }
    }
}
