import Foundation

/// An expression as steps of a stack machine; its facts and hits are indices into a batch's parts.
struct Program: Sendable {
    enum Step: Sendable {
        case number(Double)
        case fact(part: Int, TextFact)
        case hits(part: Int, source: Int)
        case position(part: Int, source: Int)
        case starts(part: Int, [[UInt32]])
        case ends(part: Int, [[UInt32]])
        case negate, not
        case binary(BinaryOperator)
        case call(NumberFunction, count: Int)
        case choice
        case share(part: Int)
    }

    var steps: [Step] = []

    /// The value; not a number where it is missing. Every step takes what earlier ones left.
    func run(_ text: TextScalars, _ parts: [BatchPart], _ stack: inout [Double]) -> Double {
        stack.removeAll(keepingCapacity: true)
        for step in steps {
            switch step {
            case .number(let value): stack.append(value)
            case .fact(let part, let fact): stack.append(parts[part].reading.counts.value(of: fact))
            case .hits(let part, let source): stack.append(Double(parts[part].hits.counts[source]))
            case .position(let part, let source): stack.append(parts[part].position(of: source))
            case .starts(let part, let list):
                stack.append(parts[part].starts(text, with: list) ? 1 : 0)
            case .ends(let part, let list): stack.append(parts[part].ends(text, with: list) ? 1 : 0)
            case .share(let part):
                let words = Double(parts[part].reading.counts.words)
                stack.append(Arithmetic.checked(stack.removeLast() / words))
            case .negate: stack.append(-stack.removeLast())
            case .not: stack.append(Arithmetic.not(stack.removeLast()))
            case .binary(let sign):
                let b = stack.removeLast()
                stack.append(Arithmetic.apply(sign, stack.removeLast(), b))
            case .call(let function, let count):
                let value = Arithmetic.apply(function, stack.suffix(count))
                stack.removeLast(count)
                stack.append(value)
            case .choice:
                let otherwise = stack.removeLast()
                let then = stack.removeLast()
                let condition = stack.removeLast()
                stack.append(condition.isNaN ? .nan : condition != 0 ? then : otherwise)
            }
        }
        return Arithmetic.checked(stack[0])
    }
}

/// Arithmetic in which whatever has no finite value is not a number, and stays so.
enum Arithmetic {
    static func checked(_ value: Double) -> Double { value.isFinite ? value : .nan }

    static func not(_ a: Double) -> Double { a.isNaN ? .nan : a == 0 ? 1 : 0 }

    static func apply(_ sign: BinaryOperator, _ a: Double, _ b: Double) -> Double {
        guard !a.isNaN, !b.isNaN else { return .nan }
        return switch sign {
        case .plus: checked(a + b)
        case .minus: checked(a - b)
        case .times: checked(a * b)
        case .over: checked(a / b)
        case .or: a != 0 || b != 0 ? 1 : 0
        case .and: a != 0 && b != 0 ? 1 : 0
        case .less: a < b ? 1 : 0
        case .lessOrEqual: a <= b ? 1 : 0
        case .greater: a > b ? 1 : 0
        case .greaterOrEqual: a >= b ? 1 : 0
        case .equal: a == b ? 1 : 0
        case .unequal: a != b ? 1 : 0
        }
    }

    static func apply(_ function: NumberFunction, _ arguments: ArraySlice<Double>) -> Double {
        let a = arguments[arguments.startIndex]
        guard !arguments.contains(where: \.isNaN) else { return .nan }
        return switch function {
        case .min: arguments.min() ?? .nan
        case .max: arguments.max() ?? .nan
        case .log1p: a > -1 ? log1p(a) : .nan
        case .sqrt: a >= 0 ? a.squareRoot() : .nan
        case .abs: abs(a)
        case .round: a.rounded()
        case .clip:
            // A range that runs backwards holds nothing.
            arguments[arguments.startIndex + 1] <= arguments[arguments.startIndex + 2]
                ? Swift.min(
                    Swift.max(a, arguments[arguments.startIndex + 1]),
                    arguments[arguments.startIndex + 2]) : .nan
        }
    }
}
