"""What the patient may be asked to pay, when, and what they paid: shares, holds, payments, statements, disputes."""
