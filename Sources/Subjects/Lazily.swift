import Synchronization

/// A value that is made when it is first asked for, once, whoever asks.
final class Lazily<Value: Sendable>: Sendable {
    private enum State {
        case waiting(@Sendable () throws(SubjectError) -> Value)
        case ready(Value)
    }

    private let state: Mutex<State>

    init(_ make: @escaping @Sendable () throws(SubjectError) -> Value) {
        state = Mutex(.waiting(make))
    }

    /// The value; others who ask meanwhile wait. A failure is tried again by who asks next.
    func get() throws(SubjectError) -> Value {
        let result = state.withLock { state -> Result<Value, SubjectError> in
            switch state {
            case .ready(let value): return .success(value)
            case .waiting(let make):
                let result = Result<Value, SubjectError> { () throws(SubjectError) in try make() }
                if case .success(let value) = result { state = .ready(value) }
                return result
            }
        }
        return try result.get()
    }
}
