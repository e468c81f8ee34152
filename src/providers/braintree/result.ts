import type { HttpResponse } from '../../model/exchange.ts';
import { errorReply } from './errors.ts';
import { showTransaction } from './transaction.ts';
import type { Transaction } from './transaction.ts';
import { xmlReply } from './xml-reply.ts';

/** A transaction that the bank or the gateway would not have is a result without success, and is there all the same. */
export function result(transaction: Transaction, status = 201): HttpResponse {
  const shown = showTransaction(transaction);
  const { response, rejection } = transaction;
  if (['processor_declined', 'failed', 'gateway_rejected'].includes(transaction.status)) return errorReply(422, rejection === null ? response?.text ?? 'Processor Declined' : `Gateway Rejected: ${rejection}`, [], { transaction: shown });
  return xmlReply(status, 'transaction', shown);
}
