extension Collection where Element: Sendable {
    /// Each element's result in the elements' order, so many at a time. The first error ends all.
    public func concurrentMap<Result: Sendable>(
        limit: Int, _ body: @escaping @Sendable (Element) async throws -> Result
    ) async throws -> [Result] {
        let elements = Array(self)
        return try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            var results = [Result?](repeating: nil, count: elements.count)
            var next = 0
            func start() {
                let place = next
                let element = elements[place]
                group.addTask { (place, try await body(element)) }
                next += 1
            }
            while next < Swift.min(Swift.max(1, limit), elements.count) { start() }
            while let (place, result) = try await group.next() {
                results[place] = result
                if next < elements.count { start() }
            }
            return results.compactMap { $0 }
        }
    }
}
