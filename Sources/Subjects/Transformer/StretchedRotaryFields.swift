import Foundation
import JSON

/// Reads the scalings that stretch a model's original context pair by pair: YaRN and LongRoPE.
///
/// LongRoPE has two sets of factors, for texts within the original context and for longer ones. Which
/// set holds would change in the middle of a text that grows, so only the first is computed and the
/// context is the original one.
///
/// - Source: Hugging Face `modeling_rope_utils.py` of transformers 5.24.
struct StretchedRotaryFields {
    let fields: ConfigurationFields
    /// The object that the numbers are in.
    let scaled: ConfigurationFields

    func rotary(_ name: String, base: Double, width: Int) throws(SubjectError) -> Rotary {
        name == "yarn" ? try yarn(base, width) : try longRope(base, width)
    }

    /// The context that the model was first trained on, in tokens.
    func original() throws(SubjectError) -> Int {
        let name = "original_max_position_embeddings"
        let outer = try fields.optionalSize(name)
        let inner = try scaled.optionalSize(name)
        if let outer, let inner, outer != inner {
            throw scaled.invalid(name, "\(outer), as at the top")
        }
        if let found = outer ?? inner { return found }
        return try fields.size("max_position_embeddings")
    }

    private func factor() throws(SubjectError) -> Double {
        if let given = try scaled.optionalPositive("factor") { return given }
        let name = "original_max_position_embeddings"
        guard scaled.present(name) != nil || fields.present(name) != nil else {
            throw scaled.invalid("factor", "a number above 0")
        }
        return try Double(fields.size("max_position_embeddings")) / Double(original())
    }

    private func yarn(_ base: Double, _ width: Int) throws(SubjectError) -> Rotary {
        let factor = try factor()
        let fast = try scaled.optionalPositive("beta_fast") ?? 32
        let slow = try scaled.optionalPositive("beta_slow") ?? 1
        guard fast > slow else { throw scaled.invalid("beta_fast", "above beta_slow, \(slow)") }
        guard base > 1 else { throw scaled.invalid("rope_theta", "above 1, for yarn") }
        func growth(_ share: Double) -> Double { factor <= 1 ? 1 : 0.1 * share * log(factor) + 1 }
        var amplitude = growth(1)
        if let share = try scaled.optionalPositive("mscale"),
            let all = try scaled.optionalPositive("mscale_all_dim")
        {
            amplitude = growth(share) / growth(all)
        }
        let yarn = Rotary.YaRN(
            factor: factor, fast: fast, slow: slow, original: Double(try original()),
            truncates: try scaled.flag("truncate", default: true))
        return Rotary(
            width: width, base: base, scaling: .yarn(yarn),
            amplitude: try scaled.optionalPositive("attention_factor") ?? amplitude)
    }

    private func longRope(_ base: Double, _ width: Int) throws(SubjectError) -> Rotary {
        let original = Double(try original())
        let factor = try factor()
        var amplitude = 1.0
        if factor > 1 {
            guard original > 1 else {
                throw scaled.invalid("original_max_position_embeddings", "above 1, for longrope")
            }
            amplitude = (1 + log(factor) / log(original)).squareRoot()
        }
        // Both sets must be there, though only texts within the original context are read.
        _ = try factors("long_factor", width)
        return Rotary(
            width: width, base: base,
            scaling: .longRope(factors: try factors("short_factor", width)),
            amplitude: try scaled.optionalPositive("attention_factor") ?? amplitude)
    }

    private func factors(_ name: String, _ width: Int) throws(SubjectError) -> [Double] {
        var result: [Double] = []
        for value in scaled.present(name)?.array ?? [] {
            switch value {
            case .number(let number) where number > 1e-30 && number < 1e30: result.append(number)
            case .integer(let number) where number > 0: result.append(Double(number))
            default: throw scaled.invalid(name, "a list of numbers above 0")
            }
        }
        guard result.count == width / 2 else {
            throw scaled.invalid(name, "a list of \(width / 2) numbers above 0")
        }
        return result
    }
}
