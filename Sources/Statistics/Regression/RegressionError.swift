/// Why a model was not fitted.
public enum RegressionError: Error, Hashable, Sendable {
    /// Fewer rows than the model has unknowns.
    case tooFewRows(model: String, rows: Int, needed: Int)
    /// An element that is no finite number; `column` is nil for the target.
    case notFinite(model: String, row: Int, column: Int?)
    /// A target outside of what the model explains.
    case targetOutOfRange(model: String, row: Int, value: Double, expected: String)
    /// A target that takes a single value.
    case constantTarget(model: String, value: Double)
    /// More different targets than an ordinal model is for.
    case tooManyLevels(model: String, levels: Int, limit: Int)
    /// Columns of which one is a combination of the others, without a penalty to decide.
    case collinear(model: String)
    /// Newton's method did not settle: without a penalty, a class that is told apart completely
    /// has no finite coefficients.
    case unsettled(model: String, steps: Int)
}
