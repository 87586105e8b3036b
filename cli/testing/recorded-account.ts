import { createServer } from "node:http";
import { text } from "node:stream/consumers";

/** An account as its answers were recorded, for what moto does not do: pages, and a root user. */
export interface RecordedAccount {
  readonly endpoint: string;
  /** Resolves when the page that never comes has been asked for. */
  readonly held: Promise<void>;
  close(): Promise<void>;
}

/**
 * Answers what the audit asks of an account.
 *
 * @param recorded the pages of GetAccountAuthorizationDetails, each the XML inside its result; the credential report's
 *   CSV; which of the pages never comes, from 0; and whether the root user has a password
 */
export async function recordedAccount(recorded: {
  readonly account: string;
  readonly pages: readonly string[];
  readonly report: string;
  readonly hold?: number;
  readonly rootPassword?: boolean;
}): Promise<RecordedAccount> {
  const { account, pages, report, hold, rootPassword = true } = recorded;
  let askedFor = () => {};
  const held = new Promise<void>((done) => {
    askedFor = done;
  });
  const resultOf = (parameters: URLSearchParams): string | undefined => {
    switch (parameters.get("Action")) {
      case "GetCallerIdentity":
        return `<Account>${account}</Account><Arn>arn:aws:iam::${account}:user/auditor</Arn>`;
      case "ListAccountAliases":
        return "<AccountAliases><member>recorded</member></AccountAliases><IsTruncated>false</IsTruncated>";
      case "GetAccountSummary":
        return `<SummaryMap><entry><key>AccountPasswordPresent</key><value>${Number(rootPassword)}</value></entry></SummaryMap>`;
      case "ListSSHPublicKeys":
        return "<SSHPublicKeys/><IsTruncated>false</IsTruncated>";
      case "ListServiceSpecificCredentials":
        return "<ServiceSpecificCredentials/>";
      case "ListVirtualMFADevices":
        return "<VirtualMFADevices/><IsTruncated>false</IsTruncated>";
      case "GenerateCredentialReport":
        return "<State>COMPLETE</State>";
      case "GetCredentialReport":
        return (
          `<Content>${Buffer.from(report).toString("base64")}</Content>` +
          "<GeneratedTime>2030-01-31T12:00:00Z</GeneratedTime><ReportFormat>text/csv</ReportFormat>"
        );
      case "GetAccountAuthorizationDetails": {
        const page = Number(parameters.get("Marker") ?? 0);
        if (page === hold) return undefined;
        const more = page + 1 < pages.length;
        return `${pages[page] ?? ""}<IsTruncated>${more}</IsTruncated>${more ? `<Marker>${page + 1}</Marker>` : ""}`;
      }
      default:
        throw new Error(`nothing is recorded of ${parameters.get("Action")}`);
    }
  };
  const server = createServer((incoming, outgoing) => {
    void text(incoming).then((body) => {
      const parameters = new URLSearchParams(body);
      const action = parameters.get("Action");
      const result = resultOf(parameters);
      if (result === undefined) {
        askedFor();
        return;
      }
      outgoing.writeHead(200, { "content-type": "text/xml" });
      outgoing.end(`<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    held,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
