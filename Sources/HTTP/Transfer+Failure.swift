import CCurl
import Foundation

extension Transfer {
    /// What went wrong, from libcurl's code and from how far the transfer had come.
    func error(for code: CURLcode) -> HTTPError {
        if let exceededLimit {
            return .replyTooLarge(address: address, limit: exceededLimit)
        }
        return reachedServer ? lateError(for: code) : earlyError(for: code)
    }

    func timeoutError(_ bound: HTTPTimeouts.Bound) -> HTTPError {
        .timedOut(bound, seconds: clock.seconds(of: bound), address: address)
    }

    private var address: String { URLText.label(of: url) }

    /// Before the request was sent.
    private func earlyError(for code: CURLcode) -> HTTPError {
        switch code {
        case CURLE_URL_MALFORMAT:
            .badURL(url: address, reason: "it is malformed")
        case CURLE_UNSUPPORTED_PROTOCOL:
            .badURL(url: address, reason: "the scheme is neither http nor https")
        case CURLE_COULDNT_RESOLVE_HOST: .cannotResolve(host: URLText.host(of: url))
        case CURLE_COULDNT_RESOLVE_PROXY: .cannotResolve(host: "the proxy")
        case CURLE_OPERATION_TIMEDOUT: timeoutError(.connect)
        case CURLE_COULDNT_CONNECT, CURLE_PROXY, CURLE_RECV_ERROR, CURLE_SEND_ERROR,
            CURLE_GOT_NOTHING:
            .cannotConnect(address: address, reason: connectReason(for: code))
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED:
            .tls(address: address, reason: easy.reason(for: code))
        default: EasyHandle.error(code)
        }
    }

    /// Once the request may have been sent.
    private func lateError(for code: CURLcode) -> HTTPError {
        switch code {
        case CURLE_FILESIZE_EXCEEDED: .replyTooLarge(address: address, limit: replyLimit)
        case CURLE_OPERATION_TIMEDOUT: timeoutError(.total)
        // Aborted by callback: `beforeRequest` refused to send it a second time.
        case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR,
            CURLE_ABORTED_BY_CALLBACK, CURLE_SEND_FAIL_REWIND, CURLE_HTTP2, CURLE_HTTP2_STREAM:
            .closed(address: address, received: downloaded, expected: announced)
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY:
            .notHTTP(address: address, reason: "it does not begin with a status line")
        case CURLE_BAD_CONTENT_ENCODING:
            .notHTTP(address: address, reason: "its compression is damaged or unknown")
        default: EasyHandle.error(code)
        }
    }

    /// Bytes of the body as they came over the wire.
    private var downloaded: Int { easy.offset(CURLINFO_SIZE_DOWNLOAD_T) }

    private var announced: Int? {
        let length = easy.offset(CURLINFO_CONTENT_LENGTH_DOWNLOAD_T)
        return hasHead && length >= 0 ? length : nil
    }

    private func connectReason(for code: CURLcode) -> String {
        let number = easy.long(CURLINFO_OS_ERRNO)
        guard code == CURLE_COULDNT_CONNECT, number != 0 else { return EasyHandle.text(of: code) }
        return String(cString: strerror(Int32(number))).lowercased()
    }
}
