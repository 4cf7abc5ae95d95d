import Dispatch

extension DispatchQueue {
    /// What a body comes to that blocks its thread: it runs on this queue and never on the cooperative
    /// pool, whose few threads others need meanwhile.
    package func result<Value: Sendable, Failure: Error>(
        of body: @escaping @Sendable () throws(Failure) -> Value
    ) async -> Result<Value, Failure> {
        await withCheckedContinuation { continuation in
            self.async {
                continuation.resume(
                    returning: Result { () throws(Failure) in try body() })
            }
        }
    }
}
